import type { FastifyInstance } from 'fastify'
import { ChatError } from '../chat/chat-error.js'

/** What has not come to an end by then, in ms, is broken off: a request that never arrives would keep the server for longer. */
const patience = 3000

/**
 * Graceful close: the long polls are answered, what is under way goes on, and what comes later on an open connection gets
 * `shutting_down`. A connection is closed soon after its answer, for it would be kept alive otherwise.
 */
export function closeGracefully(app: FastifyInstance): void {
  let closing = false
  let breaking: NodeJS.Timeout | undefined
  app.addHook('preClose', (done) => {
    closing = true
    app.server.keepAliveTimeout = 1
    app.chat.releasePolls()
    app.live.close()
    breaking = setTimeout(() => {
      app.server.closeAllConnections()
    }, patience)
    done()
  })
  app.addHook('onRequest', (_request, _reply, done) => {
    done(closing ? new ChatError('shutting_down') : undefined)
  })
  app.addHook('onClose', () => {
    clearTimeout(breaking)
    return app.chat.close()
  })
}
