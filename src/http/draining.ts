import type { FastifyReply, FastifyRequest } from 'fastify'
import { closeTimeout } from './closing.js'

/** More than this of a body that is refused is not read, in bytes. */
const most = 64 * 2 ** 20
/** In ms. */
const lookAgain = 100

/**
 * Reads for a moment what is still to come of a body that is refused, and throws it away: there are clients that write all
 * before they read, and a connection that is closed under them takes the answer with it (RFC 9112 section 9.6).
 */
export function drain({ raw }: FastifyRequest, reply: FastifyReply): void {
  reply.removeHeader('connection')
  const { socket } = raw
  const [until, end] = [performance.now() + closeTimeout, socket.bytesRead + most]
  const timer = setInterval(() => {
    if (!raw.complete && (performance.now() > until || socket.bytesRead > end)) raw.destroy()
    if (raw.complete || raw.destroyed) clearInterval(timer)
  }, lookAgain)
  timer.unref()
}
