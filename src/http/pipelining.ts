import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Requests that may wait on one connection: more than clients send that do so for speed. */
const mostWaiting = 16

/**
 * Begins with a request when those before it on the same connection are answered (RFC 9112 section 9.3.2 would have only
 * the answers in order), and the client has taken enough of the answers. So what is written past the answer, as events are,
 * comes in its place; and a few bytes that ask for a thousand pages are not a thousand pages in memory.
 */
export function answerInTurn(app: FastifyInstance): void {
  const waiting = new WeakMap<Socket, number>()
  const { deliveries } = app
  const begin = (socket: Socket, done: () => void): void => {
    const delivery = deliveries.of(socket)
    if (!delivery || deliveries.hasRoom(delivery)) done()
    else deliveries.whenRoom(delivery, done)
  }
  app.addHook('onRequest', ({ raw: { socket } }, { raw: response }, done) => {
    // An answer has its socket when it is its turn.
    if (response.socket) {
      begin(socket, done)
      return
    }
    const count = (waiting.get(socket) ?? 0) + 1
    waiting.set(socket, count)
    if (count > mostWaiting) socket.destroy()
    response.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1)
      begin(socket, done)
    })
  })
}
