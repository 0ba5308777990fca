import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { messageEvent } from './event.js'

/** A chat as Socket.IO's manual has it: a message goes to the room, and the sender is answered. */

interface ClientEvents {
  join(room: string, joined: () => void): void
  send(
    frame: { recipient: string; message: string },
    sent: (ack: { message_id: number; sent_at: string }) => void,
  ): void
}

interface ServerEvents {
  message(event: object): void
}

const http = createServer()
const server = new Server<ClientEvents, ServerEvents>(http, { transports: ['websocket'], serveClient: false })

let newest = 0
server.on('connection', (socket) => {
  const username = String(socket.handshake.query['username'])
  socket.on('join', (room, joined) => {
    void socket.join(room)
    joined()
  })
  socket.on('send', ({ recipient, message }, sent) => {
    const id = ++newest
    server.to(recipient).emit('message', messageEvent(id, username, recipient, message))
    sent({ message_id: id, sent_at: new Date().toISOString() })
  })
})

http.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
