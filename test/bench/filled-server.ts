import type * as AppModule from '../../src/app.js'
import type * as LoggerModule from '../../src/logger.js'
import type * as SettingsModule from '../../src/settings.js'
import { built } from './built.js'
import { fill } from './fill.js'

/** The app of production, with messages in its log before it listens: `filled-server.ts <messages> <conversations>`. */
const { buildApp } = await built<typeof AppModule>('src/app.js')
const { makeLogger } = await built<typeof LoggerModule>('src/logger.js')
const { settingsFrom } = await built<typeof SettingsModule>('src/settings.js')

const [messages, conversations] = process.argv.slice(2).map(Number)
const settings = settingsFrom(process.env)
const app = await buildApp({ settings, logger: makeLogger(settings) })
await fill(app.chat, messages ?? 0, conversations ?? 1)
await app.listen({ host: settings.HOST, port: settings.PORT })
