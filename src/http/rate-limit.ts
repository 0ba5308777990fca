import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify'
import type { CreateRoomRequest } from '../../schemas/rooms.js'
import type { Settings } from '../../schemas/settings.js'
import type { Peers } from '../base/peers.js'
import type { ChatError } from '../chat/chat-error.js'
import type { ChatService } from '../chat/chat-service.js'
import { addressOf } from './addresses.js'
import { Allowance, tooMany, type Client, type Left } from './allowance.js'
import { storeOf } from './rate-limit-store.js'

/** Milliseconds. */
const minute = 60_000
const hour = 60 * minute

/** Counts what is no request of its own, as if it were one. @throws {ChatError} rate_limited */
type CountRequest = () => void

declare module 'fastify' {
  interface FastifyInstance {
    /** A `preHandler` for routes that take a password: guessing must be slow, and hashing is. */
    limitPasswords: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
    /** A `preHandler` for routes that take names, of which the server has so many. */
    limitRegistrations: preHandlerHookHandler
    /** A `preHandler` for the route that puts others into rooms, which has its cost for them. */
    limitParticipants: preHandlerHookHandler
    /** For what comes on a connection that the request has opened. */
    countRequests: (request: FastifyRequest) => CountRequest
  }
}

/** What each client may have. */
export interface Allowances {
  readonly requests: Allowance
  readonly passwords: Allowance
  readonly registrations: Allowance
  readonly participants: Allowance
}

export const allowancesOf = (settings: Settings): Allowances => ({
  requests: new Allowance('requests', settings.CHATROOM_RATE_LIMIT, minute),
  passwords: new Allowance('passwords', settings.CHATROOM_PASSWORD_RATE_LIMIT, minute),
  registrations: new Allowance('registrations', settings.CHATROOM_REGISTRATION_RATE, hour),
  participants: new Allowance('participants', settings.CHATROOM_PARTICIPANT_RATE, hour),
})

/** What supervisors ask for, at a pace of their own: to answer it costs no more than to refuse it. */
const exempt = new Set(['/health', '/ready'])

const carriesPassword = ({ body }: FastifyRequest): boolean =>
  (body as { readonly password?: string }).password !== undefined

/** What a node tells the others of a request with a password. */
interface Guess {
  readonly address: string
}

/**
 * Limits each client. What it leaves is said in the headers of draft-ietf-httpapi-ratelimit-headers. The plugin counts what
 * carries a password; the rest is counted by the same allowances at once, since a promise for each request would cost more.
 * @param peers The other nodes, where the same client may try passwords.
 */
export async function limitRates(
  app: FastifyInstance,
  chat: ChatService,
  allowances: Allowances,
  peers: Peers,
): Promise<void> {
  const { requests, passwords, registrations, participants } = allowances
  app.server.on('connection', (socket) => {
    // Node remembers it from now on, also when the peer has broken the connection off.
    void socket.remoteAddress
  })
  /** A token counts for itself if it is one of ours: else each that is made up would be remembered. */
  const clientOf = (request: FastifyRequest): Client => {
    const { credentials } = request
    const address = addressOf(request)
    return chat.knows(credentials) ? { address, tokenHash: credentials.tokenHash } : { address }
  }
  app.addHook('onRequest', (request, reply, done) => {
    done(exempt.has(request.url) ? undefined : spend(requests, clientOf(request), reply))
  })
  await app.register(rateLimit, { global: false, store: storeOf(passwords), timeWindow: passwords.length })
  peers.on('password', (body) => {
    passwords.use(body as Guess)
  })
  const count = app.createRateLimit({ max: passwords.most, keyGenerator: addressOf })
  app.decorate('limitPasswords', async (request, reply) => {
    if (passwords.most === 0 || !carriesPassword(request)) return
    const use = await count(request)
    // Whoever guesses asks all nodes in turn.
    peers.tell('password', { address: addressOf(request) } satisfies Guess)
    if (use.isAllowed) return
    const refusal = tell(passwords, { count: use.isExceeded ? -1 : use.remaining, ttl: use.ttl }, reply)
    if (refusal) throw refusal
  })
  app.decorate('limitRegistrations', (request, reply, done) => {
    done(spend(registrations, { address: addressOf(request) }, reply))
  })
  app.decorate('limitParticipants', (request, reply, done) => {
    const { length } = (request.body as CreateRoomRequest).participants
    done(spend(participants, { address: addressOf(request) }, reply, length))
  })
  app.decorate('countRequests', (request) => {
    const client = clientOf(request)
    return () => requests.spend(client)
  })
}

/** Counts a use, and says in the answer what is left. @returns what to say if it is too much */
export function spend(allowance: Allowance, client: Client, reply: FastifyReply, count = 1): ChatError | undefined {
  const left = allowance.use(client, count)
  return left && tell(allowance, left, reply)
}

function tell({ name, most, length }: Allowance, left: Left, reply: FastifyReply): ChatError | undefined {
  void reply.header('ratelimit', `"${name}";r=${Math.max(0, left.count)};t=${Math.ceil(left.ttl / 1000)}`)
  if (left.count >= 0) return undefined
  void reply.header('ratelimit-policy', `"${name}";q=${most};w=${length / 1000}`)
  return tooMany(left)
}
