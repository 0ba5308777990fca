import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { ChatError } from '../chat/chat-error.js'

/**
 * How long a peer may take to let a connection end that the server closes, in ms: less than a process has to stop, so that
 * nobody can keep it from ending well.
 */
export const closeTimeout = 3000

/**
 * Breaks a connection off whose peer takes nothing. If it were just closed, the kernel would keep what waits in it, and try
 * for minutes to deliver that. What is being closed at this very moment cannot be reset.
 */
export function breakOff(socket: Socket): void {
  const isShutting = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0
  if (isShutting || socket.destroyed) socket.destroy()
  else socket.resetAndDestroy()
}

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
