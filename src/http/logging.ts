import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { ErrorCode } from '../../schemas/errors.js'
import type { User } from '../chat/tables/users.js'
import { bareAddress } from './addresses.js'
import { isRefusal } from './refusals.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The failure that it was answered with, if it was. */
    failure: ErrorCode | undefined
    /** As whom a live connection listens, or a poll waits. */
    listener: User
    /** The stream that is its answer, if one is. */
    stream: Ended | undefined
  }
}

/** What a live connection leaves to be said of it, when it has ended. */
export interface Ended {
  readonly bytesSent: number
  /** The code that it was closed with; undefined if it broke off. */
  readonly closeCode: number | undefined
}

/** Writes a line when the answer to a request is over. */
export type LogWhenOver = (request: FastifyRequest, reply: FastifyReply) => void

/** No path that is served is longer; what is asked for in vain must not fill the disk. */
const longestPath = 256

/** The path without the query, which may hold names and tokens; the router takes what is behind a `#` for one, too. */
const pathOf = (url: string): string => (url.split(/[?#]/, 1)[0] ?? url).slice(0, longestPath)

/**
 * Makes what writes one line for a request, when it is done or its client has hung up, with nothing of what was said. It
 * listens itself, and Fastify has no logger: with one, Fastify makes a child of it for each request and listens to each
 * answer, whatever the level.
 */
export function logsWhenOver(logger: Logger): LogWhenOver {
  if (!logger.isLevelEnabled('info')) return () => undefined
  return (request, reply) => {
    reply.raw.once('close', () => {
      const { writableFinished, headersSent } = reply.raw
      const isOver = writableFinished || request.stream?.closeCode !== undefined
      if (headersSent && isRefusal(reply.statusCode)) return
      const end = { ...(headersSent && { status: reply.statusCode }), ...(!isOver && { hung_up: true }) }
      log(logger, request, reply, end)
    })
  }
}

export function logRequests(app: FastifyInstance, logWhenOver: LogWhenOver): void {
  for (const name of ['failure', 'listener', 'stream']) app.decorateRequest(name)
  app.addHook('onRequest', (request, reply, done) => {
    logWhenOver(request, reply)
    done()
  })
}

/** One line for a WebSocket that is opened. */
export function logUpgrade(logger: Logger, request: FastifyRequest): void {
  // RFC 6455 section 4.2.2: switching protocols.
  log(logger, request, request.answer, { status: 101 })
}

/** Makes what writes one line for a WebSocket that has ended. It keeps nothing of the request but its id. */
export function logsEnd(logger: Logger, { id, listener: { number: user } }: FastifyRequest): (ended: Ended) => void {
  const start = performance.now()
  return ({ bytesSent, closeCode }) => {
    const ms = rounded(performance.now() - start)
    logger.info({ id, user, ms, bytes_sent: bytesSent, close_code: closeCode }, 'WebSocket')
  }
}

function log(logger: Logger, request: FastifyRequest, { elapsedTime }: FastifyReply, end: object): void {
  const { id, method, failure: code, listener, stream } = request
  // Who has broken the connection off has none, whatever the type says.
  const ip = request.ip as string | undefined
  const address = ip && bareAddress(ip)
  // A name is nobody else's business.
  const user = (listener as User | undefined)?.number
  const connection = stream && { bytes_sent: stream.bytesSent, close_code: stream.closeCode }
  const ms = rounded(elapsedTime)
  logger.info({ id, method, path: pathOf(request.url), ...end, code, ms, address, user, ...connection }, 'request')
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10
