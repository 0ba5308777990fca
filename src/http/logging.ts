import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { bareAddress } from './addresses.js'

/** No path that is served is longer; what is asked for in vain must not fill the disk. */
const longestPath = 256

/** The path without the query, which may hold names and tokens; the router takes what is behind a `#` for one, too. */
const pathOf = (url: string): string => (url.split(/[?#]/, 1)[0] ?? url).slice(0, longestPath)

/**
 * One line for a request, when it is done, with nothing of what was said. It is a hook of ours, and Fastify has no logger:
 * with one, Fastify makes a child of it for each request and listens to each answer, whatever the level.
 */
export function logRequests(app: FastifyInstance, logger: Logger): void {
  if (!logger.isLevelEnabled('info')) return
  app.addHook('onResponse', (request, reply, done) => {
    logRequest(logger, request, reply.statusCode, reply.elapsedTime)
    done()
  })
}

/** @param elapsed The time that it has taken, in ms. */
export function logRequest(logger: Logger, request: FastifyRequest, status: number, elapsed: number): void {
  const { id, method } = request
  // Who has broken the connection off has none, whatever the type says.
  const ip = request.ip as string | undefined
  const address = ip && bareAddress(ip)
  const ms = Math.round(elapsed * 10) / 10
  logger.info({ id, method, path: pathOf(request.url), status, ms, address }, 'request')
}
