import type { FastifyInstance } from 'fastify'
import { ChatError } from '../chat/chat-error.js'

/**
 * Graceful close: the long polls are answered, what is under way goes on, what comes later on an open connection gets
 * `shutting_down`, and every connection is closed with its answer.
 */
export function closeGracefully(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    app.chat.releasePolls()
    done()
  })
  app.addHook('onRequest', (_request, _reply, done) => {
    done(closing ? new ChatError('shutting_down') : undefined)
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) void reply.header('connection', 'close')
    done()
  })
  app.addHook('onClose', () => app.chat.close())
}
