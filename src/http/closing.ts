import type { FastifyInstance } from 'fastify'
import { ChatError } from '../chat/chat-error.js'

/**
 * How long a peer may take to let a connection end that the server closes, in ms: less than a process has to stop, so that
 * nobody can keep it from ending well.
 */
export const closeTimeout = 3000

/**
 * Graceful close: the long polls are answered, what is under way goes on, and what comes later on an open connection gets
 * `shutting_down`. A connection is closed soon after its answer, for it would be kept alive otherwise; and one that has not
 * brought its request to an end by then is closed as it is.
 */
export function closeGracefully(app: FastifyInstance): void {
  let closing = false
  let cutOff: NodeJS.Timeout | undefined
  app.addHook('preClose', (done) => {
    closing = true
    app.server.keepAliveTimeout = 1
    app.chat.releasePolls()
    app.live.close()
    cutOff = setTimeout(() => app.server.closeAllConnections(), closeTimeout)
    done()
  })
  app.addHook('onRequest', (_request, _reply, done) => {
    done(closing ? new ChatError('shutting_down') : undefined)
  })
  app.addHook('onClose', () => {
    clearTimeout(cutOff)
    return app.chat.close()
  })
}
