import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type RawServerDefault } from 'fastify'
import { pino, type Logger } from 'pino'
import { components } from '../schemas/index.js'
import { fixed } from '../schemas/limits.js'
import type { Settings } from '../schemas/settings.js'
import { Announcement } from './node/announcement.js'
import { noPeers } from './base/peers.js'
import type { ChatService } from './chat/chat-service.js'
import { within } from './http/base-url.js'
import { takeJsonBodies } from './http/bodies.js'
import { readCredentials } from './http/caller.js'
import { serveClient } from './http/client-module.js'
import { closeGracefully } from './http/closing.js'
import { compressLargeAnswers } from './http/compression.js'
import { limitConnections } from './http/connection-limits.js'
import { allowing, allowOrigins, answerPreflights } from './http/cors.js'
import { serveDocs } from './http/docs.js'
import { answerFailures, answerTo, answerUnrouted, answerBrokenHttp } from './http/failures.js'
import { setHeaders } from './http/headers.js'
import { checkHosts } from './http/hosts.js'
import { followWrites } from './http/own-writes.js'
import { logRequests, logsWhenOver } from './http/logging.js'
import { describeRoutes } from './http/openapi.js'
import { answerInTurn } from './http/pipelining.js'
import { trustOf, warnOfProxies } from './http/proxies.js'
import { allowancesOf, limitRates } from './http/rate-limit.js'
import { Refusals } from './http/refusals.js'
import { requestIds } from './http/request-ids.js'
import { buildValidator } from './http/validation.js'
import { answerWrongMethods } from './http/wrong-methods.js'
import { chatOptionsOf, openChat, type ChatOptions } from './node/open-chat.js'
import { openStorage, type Storage } from './node/storage.js'
import { serveLive } from './live/live.js'
import type { Promised } from './nats/sync.js'
import { live } from './routes/live.js'
import type { PresenceTimes } from './hub/presence.js'
import { messages } from './routes/messages.js'
import { rooms } from './routes/rooms.js'
import { sessions } from './routes/sessions.js'
import { system } from './routes/system.js'
import { users } from './routes/users.js'
import { limitsOf } from './settings.js'

declare module 'fastify' {
  interface FastifyInstance {
    chat: ChatService
    announcement: Announcement
    /** What the engine of the log promises, where that is not this machine's disk. */
    promised: Promised | undefined
  }
}

export interface AppOptions {
  readonly settings: Settings
  /** Where the chat is kept; what `CHATROOM_DATA` names, unless said otherwise. */
  readonly storage?: Storage
  /** Nothing is logged without one. */
  readonly logger?: Logger
  /** Gives the time, in ms since the epoch. */
  readonly now?: () => number
  /** How presence is told; as in production, unless said otherwise. */
  readonly presenceTimes?: PresenceTimes | undefined
  /** How long it is waited for what other nodes have, in ms; as in production, unless said otherwise. */
  readonly catchUpMs?: number | undefined
  /** Whether somebody says that the clock is right, though it has leapt. */
  readonly clockIsRight?: boolean
}

/** How long a request, and its head, may take to arrive, in ms: a client that trickles holds no connection for longer. */
const requestTimeout = 30_000
/** How often it is looked for those that take longer, in ms; Node does so every half minute. */
const connectionsCheckingInterval = 1000

/** How long a connection may stand still, in ms: longer than a poll waits, so who does not read is let go. */
const connectionTimeout = (fixed.hold + 30) * 1000

const silent = pino({ enabled: false })

export type App = Awaited<ReturnType<typeof buildApp>>

/** Assembles the app; tests and production have the same one. It is ready to listen, or to be injected. */
export async function buildApp(options: AppOptions) {
  const { settings, storage, logger = silent, now = Date.now, presenceTimes, catchUpMs, clockIsRight } = options
  const refusals = new Refusals(logger)
  const answer = answerTo(logger, refusals)
  const logWhenOver = logsWhenOver(logger)
  const allowances = allowancesOf(settings)
  const app = Fastify<RawServerDefault>({
    genReqId: requestIds(),
    bodyLimit: settings.CHATROOM_BODY_LIMIT,
    trustProxy: trustOf(settings.CHATROOM_TRUST_PROXY),
    // A missing Host is looked at here, to be answered as all else.
    http: { requestTimeout, headersTimeout: requestTimeout, connectionsCheckingInterval, requireHostHeader: false },
    rewriteUrl: within(settings.CHATROOM_BASE_URL),
    requestTimeout,
    connectionTimeout,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    schemaController: { compilersFactory: { buildValidator } },
    frameworkErrors: answerUnrouted(answer, allowing(settings.CHATROOM_CORS_ORIGIN), allowances.requests, logWhenOver),
    clientErrorHandler: answerBrokenHttp(settings.CHATROOM_CORS_ORIGIN, allowances.requests),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.server.maxConnections = settings.CHATROOM_CONNECTIONS

  const kept = storage ?? (await openStorage(settings, { logger, now }))
  const chat = await openChatFor(settings, {
    storage: kept,
    logger,
    now,
    presenceTimes,
    catchUpMs,
    clockIsRight,
  })
  app.decorate('chat', chat)
  app.decorate('promised', kept.promised)
  const complain = (error: unknown, message: string): void => logger.warn({ err: error }, message)
  app.decorate('announcement', new Announcement(settings.CHATROOM_ANNOUNCEMENT, chat, complain))
  app.addHook('preClose', (done) => {
    app.announcement.stop()
    done()
  })

  for (const schema of components(limitsOf(settings))) app.addSchema(schema)
  limitConnections(app, settings)
  takeJsonBodies(app, settings.CHATROOM_BODY_LIMIT)
  answerFailures(app, answer)
  app.addHook('onClose', async () => refusals.close())
  answerInTurn(app)
  logRequests(app, logWhenOver)
  setHeaders(app)
  readCredentials(app)
  warnOfProxies(app, settings.CHATROOM_TRUST_PROXY, logger)
  allowOrigins(app, settings.CHATROOM_CORS_ORIGIN)
  // Before all that refuses: it closes the connection of a handshake that is refused.
  await serveLive(app, settings, { logger, now })
  checkHosts(app, settings)
  // After what lets a page read that the server is stopping.
  closeGracefully(app)
  await limitRates(app, chat, allowances, kept.peers ?? noPeers)
  await answerPreflights(app, settings.CHATROOM_CORS_ORIGIN)
  await compressLargeAnswers(app, settings.CHATROOM_COMPRESS)
  await describeRoutes(app, settings)

  answerWrongMethods(app)
  followWrites(app)
  for (const routes of [users, sessions, messages, rooms, live, system]) await app.register(routes)
  await serveDocs(app, settings)
  serveClient(app)

  await app.ready()
  return app
}

type ChatParts = Required<Pick<AppOptions, 'storage' | 'logger' | 'now'>> &
  Pick<ChatOptions, 'presenceTimes' | 'catchUpMs' | 'clockIsRight'>

/** Opens the chat on its storage, which goes with it. */
async function openChatFor(settings: Settings, { logger, ...options }: ChatParts): Promise<ChatService> {
  return openChat({
    ...options,
    ...chatOptionsOf(settings),
    onProgress: progressTo(logger),
    warn: (message) => {
      logger.warn(message)
    },
    complain: (error, message) => {
      logger.error({ err: error }, message)
    },
  })
}

/** The pause between two lines on how far a replay has come, in ms. */
const progressPause = 1000

function progressTo(logger: Logger): (position: number, newest: number) => void {
  let next = performance.now() + progressPause
  return (position, newest) => {
    if (performance.now() < next) return
    next = performance.now() + progressPause
    logger.info(`reading the log: ${position.toLocaleString('en')} of ${newest.toLocaleString('en')} entries`)
  }
}
