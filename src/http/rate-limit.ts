import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ChatError } from '../chat/chat-error.js'
import type { ChatService } from '../chat/chat-service.js'
import { RequestWindows } from './request-windows.js'

const minute = 60_000

export interface RateLimits {
  /** Requests a minute and client; 0 is no limit. */
  readonly requests: number
  /** Requests a minute and address that carry a password; 0 is no limit. */
  readonly passwords: number
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

declare module 'fastify' {
  interface FastifyInstance {
    /** A `preHandler` for routes that take a password: guessing must be slow, and hashing is. */
    limitPasswords: Hook
  }
}

/** What supervisors ask for, at a pace of their own. */
const exempt = new Set(['/health', '/ready'])

/** Of IPv6 the network counts: one client has all of its addresses. */
const addressOf = ({ ip }: FastifyRequest): string => (ip.includes(':') ? normalizeIP(ip) : ip)

/** A token counts for itself if it is one of ours: else one could have a fresh allowance with each made-up token. */
const clientOf = (chat: ChatService, request: FastifyRequest): string =>
  chat.knows(request.credentials) ? `token ${request.credentials.tokenHash ?? ''}` : addressOf(request)

const carriesPassword = ({ body }: FastifyRequest): boolean =>
  (body as { readonly password?: string }).password !== undefined

/** Limits each client. What it leaves is said in the headers of draft-ietf-httpapi-ratelimit-headers. */
export async function limitRates(app: FastifyInstance, chat: ChatService, limits: RateLimits): Promise<void> {
  await app.register(rateLimit, { global: false, store: RequestWindows, timeWindow: minute })
  const ofPasswords = limiter(app, 'passwords', limits.passwords, addressOf)
  app.decorate('limitPasswords', async (request, reply) => {
    if (carriesPassword(request)) await ofPasswords(request, reply)
  })
  const ofRequests = limiter(app, 'requests', limits.requests, (request) => clientOf(chat, request))
  if (limits.requests === 0) return
  app.addHook('onRequest', async (request, reply) => {
    if (!exempt.has(request.url)) await ofRequests(request, reply)
  })
}

function limiter(
  app: FastifyInstance,
  name: string,
  max: number,
  keyGenerator: (request: FastifyRequest) => string,
): Hook {
  if (max === 0) return async () => undefined
  const policy = `"${name}";q=${max};w=${minute / 1000}`
  const count = app.createRateLimit({ max, keyGenerator })
  return async (request, reply) => {
    const use = await count(request)
    if (use.isAllowed) return
    void reply.header('ratelimit', `"${name}";r=${use.remaining};t=${use.ttlInSeconds}`)
    if (!use.isExceeded) return
    void reply.header('ratelimit-policy', policy).header('retry-after', use.ttlInSeconds)
    throw new ChatError('rate_limited')
  }
}
