import { monitorEventLoopDelay } from 'node:perf_hooks'
import type * as AppModule from '../../src/app.js'
import type * as LoggerModule from '../../src/logger.js'
import type * as SettingsModule from '../../src/settings.js'
import { built } from './built.js'

/** The app of production, which says how late its event loop was when it is asked to. */

/** How late timers were since it was last asked, in ms. */
export interface LoopDelay {
  readonly p50: number
  readonly p99: number
}

const { buildApp } = await built<typeof AppModule>('src/app.js')
const { makeLogger } = await built<typeof LoggerModule>('src/logger.js')
const { settingsFrom } = await built<typeof SettingsModule>('src/settings.js')

const settings = settingsFrom(process.env)
const app = await buildApp({ settings, logger: makeLogger(settings) })
const monitor = monitorEventLoopDelay({ resolution: 1 })
monitor.enable()
process.on('message', () => {
  process.send?.({ p50: monitor.percentile(50) / 1e6, p99: monitor.percentile(99) / 1e6 } satisfies LoopDelay)
  monitor.reset()
})
await app.listen({ host: settings.HOST, port: settings.PORT })
