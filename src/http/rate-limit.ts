import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ChatError } from '../chat/chat-error.js'
import type { ChatService } from '../chat/chat-service.js'

const minute = 60_000
/** Clients that are counted at once; past it the one not seen for longest is forgotten. */
const clients = 100_000

interface RateLimits {
  /** Requests a minute and client; 0 is no limit. */
  readonly requests: number
  /** Requests a minute and address that carry a password; 0 is no limit. */
  readonly passwords: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** For routes that take a password: guessing is slow, and so is hashing. */
    passwordLimit: { readonly rateLimit: object | false }
  }
}

const exempt = new Set(['/health', '/ready'])

const addressOf = (request: FastifyRequest): string => normalizeIP(request.ip)

/** A token counts for itself if it is one of ours: else one could have a fresh allowance with each made-up token. */
const clientOf = (chat: ChatService, request: FastifyRequest): string =>
  chat.knows(request.credentials) ? `token ${request.credentials.tokenHash ?? ''}` : addressOf(request)

const exceeded = () => new ChatError('rate_limited')

/** Limits each client, and says so in the headers of draft-ietf-httpapi-ratelimit-headers. */
export async function limitRates(
  app: FastifyInstance,
  chat: ChatService,
  { requests, passwords }: RateLimits,
): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    cache: clients,
    timeWindow: minute,
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeaders: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
      'retry-after': true,
    },
    errorResponseBuilder: exceeded,
  })
  app.decorate('passwordLimit', {
    rateLimit: passwords > 0 && {
      max: passwords,
      hook: 'preHandler',
      groupId: 'passwords',
      keyGenerator: addressOf,
      allowList: ({ body }: FastifyRequest) => (body as { password?: string }).password === undefined,
    },
  })
  if (requests === 0) return
  const policy = `"requests";q=${requests};w=${minute / 1000}`
  const count = app.createRateLimit({
    max: requests,
    keyGenerator: (request: FastifyRequest) => clientOf(chat, request),
  })
  app.addHook('onRequest', async (request, reply) => {
    if (exempt.has(request.url)) return
    const use = await count(request)
    if (use.isAllowed) return
    void reply
      .header('ratelimit-policy', policy)
      .header('ratelimit', `"requests";r=${use.remaining};t=${use.ttlInSeconds}`)
    if (!use.isExceeded) return
    void reply.header('retry-after', use.ttlInSeconds)
    throw exceeded()
  })
}
