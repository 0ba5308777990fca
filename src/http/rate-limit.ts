import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify'
import { ChatError } from '../chat/chat-error.js'
import type { ChatService } from '../chat/chat-service.js'
import { RequestWindows, type Use } from './request-windows.js'

const minute = 60_000

export interface RateLimits {
  /** Requests a minute and client; 0 is no limit. */
  readonly requests: number
  /** Requests a minute and address that carry a password; 0 is no limit. */
  readonly passwords: number
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** Counts what is no request of its own, as if it were one. @throws {ChatError} rate_limited */
type CountRequest = () => void

declare module 'fastify' {
  interface FastifyInstance {
    /** A `preHandler` for routes that take a password: guessing must be slow, and hashing is. */
    limitPasswords: Hook
    /** A `preHandler` for routes that give out tokens: shown to get the next, each would be a fresh allowance. */
    limitTokens: preHandlerHookHandler
    /** For what comes on a connection that the request has opened. */
    countRequests: (request: FastifyRequest) => CountRequest
  }
}

/** What supervisors ask for, at a pace of their own. */
const exempt = new Set(['/health', '/ready'])

/** The longest text of an IPv6 address (RFC 4291 section 2.2), in characters. */
const longestAddress = 45

/**
 * Of IPv6 the network counts: one client has all of its addresses. What a trusted proxy hands on need not be an address:
 * what is longer than one is not remembered, and counts as one client, whatever it is. Whoever has broken the connection
 * off has none any more, whatever the type says.
 */
export function addressOf({ ip }: { readonly ip: string | undefined }): string {
  if (ip === undefined || ip.length > longestAddress) return 'no address'
  return ip.includes(':') ? normalizeIP(ip) : ip
}

/** A token counts for itself if it is one of ours: else one could have a fresh allowance with each made-up token. */
const clientOf = (chat: ChatService, request: FastifyRequest): string =>
  chat.knows(request.credentials) ? `token ${request.credentials.tokenHash ?? ''}` : addressOf(request)

const carriesPassword = ({ body }: FastifyRequest): boolean =>
  (body as { readonly password?: string }).password !== undefined

/**
 * Limits each client. What it leaves is said in the headers of draft-ietf-httpapi-ratelimit-headers. The plugin counts what
 * carries a password; every request is counted by the same store at once, since a promise for each would cost more.
 */
export async function limitRates(app: FastifyInstance, chat: ChatService, limits: RateLimits): Promise<void> {
  await app.register(rateLimit, { global: false, store: RequestWindows, timeWindow: minute })
  const passwords = app.createRateLimit({ max: limits.passwords, keyGenerator: addressOf })
  app.decorate('limitPasswords', async (request, reply) => {
    if (limits.passwords === 0 || !carriesPassword(request)) return
    const use = await passwords(request)
    if (use.isAllowed) return
    tell(reply, 'passwords', limits.passwords, limits.passwords - use.remaining, use.ttl)
    if (use.isExceeded) throw exceeded(reply, 'passwords', limits.passwords, use.ttl)
  })
  app.server.on('connection', (socket) => {
    // Node remembers it from now on, also when the peer has broken the connection off.
    void socket.remoteAddress
  })
  const windows = new RequestWindows()
  const { requests } = limits
  if (requests > 0) limitRequests(app, chat, windows, requests)
  app.decorate('limitTokens', (request, reply, done) => {
    const counts = requests > 0 && chat.knows(request.credentials)
    done(counts ? refusal(reply, requests, windows.count(addressOf(request), minute)) : undefined)
  })
  app.decorate('countRequests', (request) => {
    const client = clientOf(chat, request)
    return () => {
      if (requests === 0) return
      const { current, ttl } = windows.count(client, minute)
      if (current > requests) throw tooMany(ttl)
    }
  })
}

function limitRequests(app: FastifyInstance, chat: ChatService, windows: RequestWindows, max: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (exempt.has(request.url)) {
      done()
      return
    }
    const use = windows.count(clientOf(chat, request), minute)
    tell(reply, 'requests', max, use.current, use.ttl)
    done(refusal(reply, max, use))
  })
}

/** What to say to a request that is one too many; undefined if it is not. */
const refusal = (reply: FastifyReply, max: number, { current, ttl }: Use): ChatError | undefined =>
  current > max ? exceeded(reply, 'requests', max, ttl) : undefined

/** @param ttl The ms until there may be more. */
export const tooMany = (ttl: number): ChatError => new ChatError('rate_limited', undefined, seconds(ttl))

const seconds = (ms: number): number => Math.ceil(ms / 1000)

function tell(reply: FastifyReply, name: string, max: number, used: number, ttl: number): void {
  void reply.header('ratelimit', `"${name}";r=${Math.max(0, max - used)};t=${seconds(ttl)}`)
}

function exceeded(reply: FastifyReply, name: string, max: number, ttl: number): ChatError {
  void reply.header('ratelimit-policy', `"${name}";q=${max};w=${seconds(minute)}`)
  return tooMany(ttl)
}
