import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Settings } from '../../schemas/settings.js'
import { credentials, type Credentials } from '../chat/access.js'
import type { Asker } from '../chat/ports.js'
import { ChatError } from '../chat/chat-error.js'
import { originCheck } from '../http/cors.js'
import { addressOf } from '../http/addresses.js'
import { Allowance } from '../http/allowance.js'
import type { Connections } from './connections.js'

/** Milliseconds. */
const minute = 60_000

/** The cookie that carries a token, where a page has its backend set it. */
const cookie = /(?:^|;\s*)chatroom_token=([\w-]+)/

/** A token as a subprotocol: what a WebSocket of a page can say beside its URL. */
const bearerProtocol = /(?:^|,) *bearer\.([\w-]+) *(?:,|$)/

interface Query {
  readonly username?: string
  readonly access_token?: string
  readonly last_event_id?: string
  readonly ticket?: string
}

/** Who may open a live connection. */
export class Admission {
  private readonly handshakes: Allowance
  private readonly isPublic: boolean
  private readonly isAllowed: (origin: string) => boolean

  constructor(
    private readonly app: FastifyInstance,
    private readonly connections: Connections,
    settings: Settings,
  ) {
    this.handshakes = new Allowance('handshakes', settings.CHATROOM_HANDSHAKE_RATE, minute)
    this.isPublic = settings.CHATROOM_CORS_ORIGIN === '*'
    this.isAllowed = originCheck(settings.CHATROOM_CORS_ORIGIN)
  }

  /**
   * Receives a request, and lets it wait until this node has come to its cursor: whoever comes from another node may be
   * unknown here until then. As long as it waits, it counts as a connection of its address.
   * @param asker Who waits.
   * @returns when it has waited; nothing, if there is nothing to wait for
   * @throws {ChatError} origin_not_allowed, rate_limited, too_many_connections, shutting_down; later, invalid_ticket
   */
  receive(request: FastifyRequest, asker: Asker): Promise<void> | undefined {
    const { last_event_id: cursor, ticket } = request.query as Query
    const address = addressOf(request)
    this.checkOrigin(request)
    this.handshakes.spend({ address })
    const come = cursor === undefined || this.app.chat.comeTo(cursor, asker)
    if (come === true && ticket === undefined) return undefined
    const release = this.connections.hold(address)
    return this.identify(request, come, ticket).finally(release)
  }

  private async identify(
    request: FastifyRequest,
    come: true | Promise<boolean>,
    ticket: string | undefined,
  ): Promise<void> {
    await come
    const { chat } = this.app
    if (ticket === undefined) return
    const { address } = request.credentials
    request.credentials = { ...(await chat.surely(() => chat.useTicket(ticket))), address }
  }

  /**
   * Lets a request in, or not, and finds out as whom it listens.
   * @throws {ChatError} too_many_connections, shutting_down, and what {@link ChatService.listener} throws
   */
  admit(request: FastifyRequest): void {
    const address = addressOf(request)
    request.credentials = this.credentialsOf(request)
    request.listener = this.app.chat.listener((request.query as Query).username, request.credentials)
    this.connections.check(address, request.listener)
  }

  private checkOrigin(request: FastifyRequest): void {
    const { origin } = request.headers
    if (origin === undefined || this.isAllowed(origin) || isOwn(request, origin)) return
    throw new ChatError(
      'origin_not_allowed',
      `Pages of ${origin} may not connect; CHATROOM_CORS_ORIGIN names those that may.`,
    )
  }

  /**
   * The token of the header, else of a subprotocol, else of the query, else of the cookie. A browser sends cookies whoever's
   * page asks, so that counts for pages of the server's own origin, and of those that it names.
   */
  private credentialsOf(request: FastifyRequest): Credentials {
    if (request.credentials.tokenHash !== undefined) return request.credentials
    const { cookie: cookies = '', 'sec-websocket-protocol': protocols = '' } = request.headers
    const ofProtocol = bearerProtocol.exec(protocols)?.[1]
    const ofCookie = this.isTrusted(request) ? cookie.exec(cookies)?.[1] : undefined
    const token = ofProtocol ?? (request.query as Query).access_token ?? ofCookie
    return credentials(token, request.credentials.address)
  }

  private isTrusted(request: FastifyRequest): boolean {
    const { origin, 'sec-fetch-site': site } = request.headers
    // What a page loads as if it were an image has no origin, but says whether the page is of another one.
    if (origin === undefined) return site === undefined || site === 'same-origin' || site === 'none'
    return isOwn(request, origin) || (!this.isPublic && this.isAllowed(origin))
  }
}

/** Whether a page is of the origin at which the server is reached. */
const isOwn = ({ host }: FastifyRequest, origin: string): boolean => origin.replace(/^https?:\/\//, '') === host
