import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import closeWithGrace from 'close-with-grace'
import type { Settings } from '../schemas/settings.js'
import { buildApp, type App } from './app.js'
import { makeLogger } from './logger.js'
import { DataError } from './base/data-error.js'
import { engines } from './storage/engines.js'
import { version } from './version.js'
import { isGiven, readEnvironment, SettingError, settingsFrom, unknownSettings } from './settings.js'

/** What is under way has this long to end, in ms. */
const grace = 4500

/** Runs the server until it is told to stop. */
async function run(): Promise<void> {
  const environment = readEnvironment()
  const settings = settingsFrom(environment)
  const logger = makeLogger(settings)
  for (const problem of unknownSettings(environment)) logger.warn(problem)
  logger.info(beginning(settings))

  const app = await buildApp({ settings, logger, clockIsRight: process.argv.includes('--yes') })
  await app.announcement.follow({
    isNamed: isGiven(environment, 'CHATROOM_ANNOUNCEMENT'),
    isWritten: settings.CHATROOM_OPERATOR_TOKEN !== '',
  })
  closeWithGrace({ delay: grace, logger }, async ({ err }) => {
    if (err) logger.fatal({ err }, 'stopping')
    await app.close()
  })
  logger.info(`Listening at ${await listen(app, settings)}`)
  logger.info(`Explore it at http://localhost:${(app.server.address() as AddressInfo).port}/docs`)
  if (settings.CHATROOM_AUTH === 'open') {
    logger.warn(
      'Guests are open: whoever reaches this server may use the name of a guest. Register with a password, or set CHATROOM_AUTH=token.',
    )
  }
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
