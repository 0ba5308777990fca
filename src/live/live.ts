import websocket from '@fastify/websocket'
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HookHandlerDoneFunction,
  preHandlerHookHandler,
} from 'fastify'
import type { Logger } from 'pino'
import type { ServerOptions, WebSocket } from 'ws'
import { closeCodes } from '../../schemas/close-codes.js'
import { subprotocol, type ConnectQuery, type EventsQuery } from '../../schemas/live.js'
import type { Settings } from '../../schemas/settings.js'
import { isoTime } from '../chat/messages/message-json.js'
import { holdMs } from '../chat/messages/poll.js'
import type { Asker, Beginning, Caller, Sink, Subscription } from '../chat/ports.js'
import { within } from '../http/base-url.js'
import { closeTimeout } from '../http/closing.js'
import type { Deliveries } from '../http/deliveries.js'
import { logsEnd, logUpgrade } from '../http/logging.js'
import { addressOf } from '../http/addresses.js'
import { Admission } from './admission.js'
import { askerOf } from './asker.js'
import { Connections, type Connection } from './connections.js'
import { EventPoll } from './event-poll.js'
import { EventStream } from './event-stream.js'
import { answerFrames, type AnswerFrame } from './frames.js'
import { answerBrokenHandshakes, narrowUpgrades } from './upgrades.js'
import { WebSocketConnection, type WebSocketHost } from './web-socket.js'

declare module 'fastify' {
  interface FastifyInstance {
    live: Live
  }
  interface FastifyRequest {
    /** What answers the request for a live connection. */
    answer: FastifyReply
  }
}

/** Fragments in which a message may come, so that each has so many bytes on average: each costs a hundred. */
const [fewestFragments, leastFragment] = [1024, 16]
/** Parts in which a frame may come from the network, so that each has so many bytes on average: each costs some hundreds. */
const [fewestParts, leastPart] = [1024, 256]
/** Messages that are compressed at once. */
const compressions = 10

/** Those that the types do not know. */
interface UntypedOptions {
  readonly maxFragments: number
  readonly maxBufferedChunks: number
  readonly maxPendingAutoPongs: number
  readonly closeTimeout: number
}

/** Lets clients listen: by WebSocket, Server-Sent Events and long poll. To be called before the routes are added. */
export async function serveLive(
  app: FastifyInstance,
  settings: Settings,
  { logger, now }: { readonly logger: Logger; readonly now: () => number },
): Promise<void> {
  const threshold = settings.CHATROOM_LIVE_COMPRESS
  const maxPayload = settings.CHATROOM_FRAME_LIMIT
  const options: Omit<ServerOptions, 'WebSocket'> & UntypedOptions = {
    maxPayload,
    maxFragments: Math.max(fewestFragments, maxPayload / leastFragment),
    maxBufferedChunks: Math.max(fewestParts, maxPayload / leastPart),
    // Those of a peer that does not take them are counted with all that waits for it.
    maxPendingAutoPongs: 0,
    // Later than it is done here, in another way.
    closeTimeout: 2 * closeTimeout,
    clientTracking: false,
    handleProtocols: (asked) => asked.has(subprotocol) && subprotocol,
    // A connection that remembers what it has compressed takes hundreds of kilobytes.
    perMessageDeflate: threshold > 0 && {
      threshold,
      serverNoContextTakeover: true,
      clientNoContextTakeover: true,
      concurrencyLimit: compressions,
    },
  }
  await app.register(websocket, {
    options,
    errorHandler: (error, webSocket) => {
      // What the peer has done wrong, the library closes with its code; it is to hear that before the connection breaks.
      if (webSocket.readyState !== webSocket.OPEN) return
      logger.error({ err: error }, 'a WebSocket could not be opened')
      const { code } = closeCodes.server_error
      webSocket.close(code, 'server_error')
    },
    // All are told to come back by `close`.
    preClose: (done) => {
      done()
    },
  })
  const rewritten = within(settings.CHATROOM_BASE_URL)
  narrowUpgrades(app.server, (url) => rewritten({ url }).split('?', 1)[0] === '/ws')
  answerBrokenHandshakes(app.websocketServer, settings.CHATROOM_CORS_ORIGIN)
  const live = new Live(app, settings, logger, now)
  app.decorateRequest('answer')
  app.decorate('live', live)
  app.addHook('onReady', async () => {
    live.answer = answerFrames(app, logger)
  })
}

/** The live connections of an app, by whatever transport. */
class Live implements WebSocketHost {
  readonly frameRate: number
  readonly deliveries: Deliveries
  readonly streamAgeMs: number
  /** Answers the frames of WebSockets; it is another one when the app is ready. */
  answer: AnswerFrame = () => Promise.reject(new TypeError('the app is not ready'))
  private readonly connections: Connections
  private readonly admission: Admission

  /** @param clock Gives the time, in ms since the epoch. */
  constructor(
    private readonly app: FastifyInstance,
    private readonly settings: Settings,
    private readonly logger: Logger,
    private readonly clock: () => number,
  ) {
    const { CHATROOM_ADDRESS_CONNECTIONS: perAddress, CHATROOM_USER_CONNECTIONS: perUser } = settings
    this.frameRate = settings.CHATROOM_FRAME_RATE
    this.deliveries = app.deliveries
    this.streamAgeMs = settings.CHATROOM_STREAM_AGE * 1000
    this.connections = new Connections({ perAddress, perUser }, settings.CHATROOM_HEARTBEAT * 1000, ({ caller }) =>
      app.chat.stays(caller.credentials),
    )
    this.admission = new Admission(app, this.connections, settings)
  }

  /** A `preHandler` that lets in who may listen. */
  readonly admit: preHandlerHookHandler = (request, reply, done) => {
    request.answer = reply
    const asker = askerOf(request)
    const waited = this.admission.receive(request, asker)
    if (waited) waited.then(() => this.enter(request, asker, done), done)
    else void this.enter(request, asker, done)
  }

  /** A WebSocket that has been admitted. */
  openWebSocket(webSocket: WebSocket, request: FastifyRequest): void {
    const { socket } = request.raw
    logUpgrade(this.logger, request)
    const logEnd = logsEnd(this.logger, request)
    letGo(webSocket, request)
    const speaker = { ...callerOf(request), count: this.app.countRequests(request) }
    const connection = new WebSocketConnection(webSocket, socket, this, speaker, this.beginning(request))
    webSocket.on('close', () => logEnd(connection))
    this.connections.add(connection)
  }

  /** Answers with Server-Sent Events. */
  openStream(request: FastifyRequest, reply: FastifyReply): void {
    const stream = new EventStream(request, reply, this, callerOf(request), this.beginning(request))
    request.stream = stream
    this.connections.add(stream)
  }

  /** Answers a long poll, with the JSON of an `EventsResult`. */
  poll(request: FastifyRequest): Promise<string> {
    const { wait = 0, last_event_id: cursor } = request.query as EventsQuery
    const options = { cursor, wait: holdMs(wait), hungUp: request.signal }
    const beginning = cursor === undefined ? this.beginning(request) : { lastEventId: cursor }
    const poll = new EventPoll(this, callerOf(request), beginning, options)
    this.connections.add(poll)
    return poll.answer
  }

  /** Counts a poll that waits as one of the connections of its user. @throws {ChatError} too_many_connections */
  hold(request: FastifyRequest, username: string | undefined): () => void {
    request.listener = this.app.chat.listener(username, request.credentials)
    return this.connections.hold(addressOf(request), request.listener)
  }

  listen(caller: Caller, beginning: Beginning, sink: Sink): Subscription {
    return this.app.chat.listen(caller, beginning, sink)
  }

  now(): string {
    return isoTime(this.clock())
  }

  end(connection: Connection): void {
    this.connections.remove(connection)
  }

  /** Tells all to come back, and lets nobody in. */
  close(): void {
    this.connections.close()
  }

  /** Goes on with the handler, which is to find who has been let in as it was then: in the same turn. */
  private async enter(request: FastifyRequest, { signal }: Asker, done: HookHandlerDoneFunction): Promise<void> {
    const enter = (): void => {
      // Nobody would end what is opened for a client that is gone.
      if (signal.aborted) request.raw.socket.destroy()
      else {
        this.admission.admit(request)
        done()
      }
    }
    try {
      await this.app.chat.surely(enter)
    } catch (refusal) {
      done(refusal as Error)
    }
  }

  private beginning(request: FastifyRequest): Beginning {
    const { last_event_id: lastEventId } = request.query as ConnectQuery
    return { lastEventId, hello: { heartbeat_seconds: this.settings.CHATROOM_HEARTBEAT } }
  }
}

const callerOf = (request: FastifyRequest): Connection['caller'] => ({
  user: request.listener,
  credentials: request.credentials,
  address: addressOf(request),
})

/**
 * Lets go of the request and of the answer that a WebSocket will never have: they would be held as long as it is open, and
 * take as much memory as all the rest.
 */
function letGo(webSocket: WebSocket, { raw, answer }: FastifyRequest): void {
  answer.raw.detachSocket(raw.socket)
  webSocket.removeAllListeners('error')
  // After an error the library closes, with the code for it.
  webSocket.on('error', ignore)
}

const ignore = (): void => undefined
