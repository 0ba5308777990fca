import { resolve } from 'node:path'
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import type { Settings } from '../schemas/settings.js'
import { buildApp, type App } from './app.js'
import { DataError } from './base/data-error.js'
import { makeLogger } from './logger.js'
import { openCluster } from './node/cluster.js'
import { heldLease } from './node/lease.js'
import { Processes, processesOf, roleOf, type Role } from './node/processes.js'
import { checkShared, openFollowed, openOwned } from './node/shared-folder.js'
import { openStorage, type Storage } from './node/storage.js'
import { isGiven, readEnvironment, SettingError, settingsFrom, unknownSettings, type Environment } from './settings.js'
import { risksOf } from './risks.js'
import { engines } from './storage/engines.js'
import { version } from './version.js'

/** What is under way has this long to end, in ms. */
const grace = 4500
/** Those who are watched over have ended by then, in ms. */
const graceOfAll = 2 * grace

/** Runs the server until it is told to stop. */
async function run(): Promise<void> {
  const environment = readEnvironment()
  const settings = settingsFrom(environment)
  const logger = makeLogger(settings)
  const role = roleOf(process.argv)
  if (role) {
    await serve(settings, logger.child({ pid: process.pid }), environment, role)
    return
  }
  for (const problem of unknownSettings(environment)) logger.warn(problem)
  logger.info(beginning(settings))
  const processes = processesOf(settings)
  checkShared(settings)
  const address =
    processes > 1 ? await watchOver(processes, settings, logger) : await serve(settings, logger, environment)
  logger.info(`Listening at ${address}${processes > 1 ? `, with ${processes} processes` : ''}`)
  logger.info(`Explore it at http://localhost:${new URL(address).port}/docs`)
  for (const risk of risksOf(settings)) logger.warn(risk)
}

/** Starts the processes that serve. @returns where */
async function watchOver(count: number, { HOST: host }: Settings, logger: Logger): Promise<string> {
  const processes = new Processes(count, logger, (code) => {
    // It has said why.
    void processes.stop().then(() => process.exit(code))
  })
  closeWithGrace({ delay: graceOfAll, logger }, async ({ err }) => {
    if (err) logger.fatal({ err }, 'stopping')
    await processes.stop()
  })
  const { port } = await processes.start()
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Serves in this process. @returns where */
async function serve(settings: Settings, logger: Logger, environment: Environment, role?: Role): Promise<string> {
  const storage = await storageOf(role, settings, logger)
  const app = await buildApp({
    settings,
    logger,
    clockIsRight: process.argv.includes('--yes'),
    storage,
  })
  const { lease = heldLease } = storage
  await lease.hold(
    () =>
      app.announcement.follow({
        isNamed: isGiven(environment, 'CHATROOM_ANNOUNCEMENT'),
        isWritten: settings.CHATROOM_OPERATOR_TOKEN !== '',
        isShared: settings.CHATROOM_NATS_URL !== '',
      }),
    () => app.announcement.stop(),
  )
  // Whoever watches over it says when it is to end, not a terminal that tells all at once.
  if (role) process.on('SIGINT', () => undefined)
  closeWithGrace({ delay: grace, logger, ...(role && { skip: ['SIGINT'] }) }, async ({ err }) => {
    if (err) logger.fatal({ err }, 'stopping')
    await app.close()
  })
  return listen(app, settings)
}

async function storageOf(role: Role | undefined, settings: Settings, logger: Logger): Promise<Storage> {
  const options = { logger, now: Date.now }
  const onLost = (error: Error): void => {
    logger.fatal({ err: error }, 'this process cannot go on from where it is; start it again')
    process.exit(1)
  }
  if (settings.CHATROOM_NATS_URL !== '') return openCluster(settings, options, onLost)
  if (!role) return openStorage(settings, options)
  return role.isOwner ? openOwned(settings, options, role.socket) : openFollowed(settings, options, role.socket, onLost)
}

/** What runs here, and on what, in a line. */
function beginning({ CHATROOM_DATA: data, CHATROOM_AUTH: auth }: Settings): string {
  const place = data === ':memory:' ? 'keeping nothing' : `data in ${resolve(data)}, by ${engines()[0] ?? 'no engine'}`
  return `ChatRoom ${version} on Node.js ${process.versions.node}, ${place}, auth ${auth}`
}

/** Listens, and gives the URL. @throws {SettingError} if the address cannot be had */
async function listen(app: App, { HOST: host, PORT: port }: Settings): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new SettingError(`PORT is ${port}, which another process uses. Stop that one, or set another PORT.`)
    if (code === 'EACCES')
      throw new SettingError(`PORT is ${port}, which this user may not listen on. Set one from 1024 on.`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new SettingError(`HOST is "${host}", which is no address of this machine.`)
    throw new SettingError(`HOST ${host} and PORT ${port} cannot be listened on: ${message}`)
  }
}

try {
  await run()
} catch (error) {
  process.stderr.write(
    error instanceof SettingError || error instanceof DataError
      ? `chatroom cannot start: ${error.message}\n`
      : `chatroom cannot start: ${String((error as Error).stack)}\n`,
  )
  process.exit(1)
}
