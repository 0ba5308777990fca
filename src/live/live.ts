import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify'
import type { Logger } from 'pino'
import type { ServerOptions, WebSocket } from 'ws'
import { closeCodes } from '../../schemas/close-codes.js'
import type { EventsQuery } from '../../schemas/live.js'
import type { Settings } from '../../schemas/settings.js'
import { isoTime } from '../chat/state/message-json.js'
import type { Sink } from '../hub/subscription.js'
import { closeTimeout } from '../http/closing.js'
import { addressOf } from '../http/rate-limit.js'
import { Admission } from './admission.js'
import { Connections, type Connection } from './connections.js'
import { EventPoll } from './event-poll.js'
import { EventStream } from './event-stream.js'
import { answerFrames, type AnswerFrame } from './frames.js'
import { answerBrokenHandshakes, narrowUpgrades } from './upgrades.js'
import { WebSocketConnection } from './web-socket.js'

declare module 'fastify' {
  interface FastifyInstance {
    live: Live
  }
}

/** Fragments of a message at most. */
const mostFragments = 64
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
export async function serveLive(app: FastifyInstance, settings: Settings, logger: Logger): Promise<void> {
  const threshold = settings.CHATROOM_LIVE_COMPRESS
  const maxPayload = settings.CHATROOM_BODY_LIMIT
  const options: Omit<ServerOptions, 'WebSocket'> & UntypedOptions = {
    maxPayload,
    maxFragments: mostFragments,
    maxBufferedChunks: Math.max(fewestParts, maxPayload / leastPart),
    // Those of a peer that does not take them are counted with all that waits for it.
    maxPendingAutoPongs: 0,
    closeTimeout,
    clientTracking: false,
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
  narrowUpgrades(app.server, '/ws')
  answerBrokenHandshakes(app.websocketServer, settings.CHATROOM_CORS_ORIGIN)
  const live = new Live(app, settings)
  app.decorateRequest('listener')
  app.decorate('live', live)
  app.addHook('onReady', async () => {
    live.answer = answerFrames(app, logger)
  })
}

/** The live connections of an app, by whatever transport. */
export class Live {
  /** Answers the frames of WebSockets; there when the app is ready. */
  answer: AnswerFrame | undefined
  private readonly connections: Connections
  private readonly admission: Admission

  constructor(
    private readonly app: FastifyInstance,
    private readonly settings: Settings,
  ) {
    const { CHATROOM_ADDRESS_CONNECTIONS: perAddress, CHATROOM_USER_CONNECTIONS: perUser } = settings
    this.connections = new Connections({ perAddress, perUser }, settings.CHATROOM_HEARTBEAT * 1000)
    this.admission = new Admission(app, this.connections, settings)
  }

  /** A `preHandler` that lets in who may listen. */
  readonly admit: preHandlerHookHandler = (request, reply, done) => {
    this.admission.admit(request, reply)
    done()
  }

  /** A WebSocket that has been admitted. */
  openWebSocket(webSocket: WebSocket, request: FastifyRequest): void {
    const { answer } = this
    if (!answer) throw new TypeError('the app is ready before it has connections')
    const { listener, credentials } = request
    const speaker = { username: listener.name, credentials, count: this.app.countRequests(request) }
    const frameRate = this.settings.CHATROOM_FRAME_RATE
    const options = { ...this.optionsOf(request), speaker, answer, frameRate }
    this.connections.add(new WebSocketConnection(webSocket, request.raw.socket, options))
  }

  /** Answers with Server-Sent Events. */
  openStream(request: FastifyRequest, reply: FastifyReply): void {
    this.connections.add(new EventStream(request, reply, this.optionsOf(request)))
  }

  /** Answers a long poll, with the JSON of an `EventsResponse`. */
  poll(request: FastifyRequest): Promise<string> {
    const { wait = 0 } = request.query as EventsQuery
    const cursor = cursorOf(request)
    const options = { ...this.optionsOf(request, cursor === undefined), cursor, wait: wait * 1000 }
    const poll = new EventPoll({ ...options, hungUp: request.signal })
    this.connections.add(poll)
    return poll.answer
  }

  /** Tells all to come back, and lets nobody in. */
  close(): void {
    this.connections.close()
  }

  /** @param greets Whether it begins with `hello`. */
  private optionsOf(request: FastifyRequest, greets = true) {
    const { listener: user, credentials } = request
    const hello = greets ? { heartbeat_seconds: this.settings.CHATROOM_HEARTBEAT } : undefined
    const lastEventId = cursorOf(request)
    return {
      user,
      address: addressOf(request),
      listen: (sink: Sink) => this.app.chat.listen({ user, credentials, lastEventId, hello, sink }),
      now: () => isoTime(Date.now()),
      onEnd: (connection: Connection) => {
        this.connections.remove(connection)
      },
    }
  }
}

/** The header is the newer one: an EventSource says it when it comes back, to the address that it has had from the start. */
function cursorOf({ headers, query }: FastifyRequest): string | undefined {
  const said = headers['last-event-id']
  if (typeof said === 'string' && said !== '') return said
  return (query as EventsQuery).last_event_id
}
