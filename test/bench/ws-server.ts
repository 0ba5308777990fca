import { createServer } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import { messageEvent } from './event.js'

/**
 * What ws itself costs: one room, in which each message is made into one Buffer that is sent to each socket by turns, as
 * its manual has it. It speaks as ChatRoom does, and checks and keeps nothing.
 */

interface SendFrame {
  readonly recipient: string
  readonly message: string
}

const answer = JSON.stringify({ status: 'success' })
/** In ms; as Fastify has it. Whoever looks whether the server is quiet asks seldom. */
const keepAliveTimeout = 72_000
const http = createServer({ keepAliveTimeout }, (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
})
const server = new WebSocketServer({ server: http })

let newest = 0
server.on('connection', (socket, { url }) => {
  const username = new URL(url ?? '', 'http://localhost').searchParams.get('username') ?? ''
  socket.on('message', (data: Buffer) => {
    const { recipient, message } = JSON.parse(data.toString()) as SendFrame
    const id = ++newest
    const event = Buffer.from(JSON.stringify(messageEvent(id, username, recipient, message)))
    for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(event, { binary: false })
    socket.send(JSON.stringify({ type: 'ack', message_id: id, sent_at: new Date().toISOString() }))
  })
  socket.send(JSON.stringify({ type: 'hello', event_id: `5f0c2a1e-${newest}`, username, heartbeat_seconds: 30 }))
})

http.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) })
