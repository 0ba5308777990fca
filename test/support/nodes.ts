import type { Test } from 'tap'
import type { Settings } from '../../schemas/settings.js'
import type { AppOptions } from '../../src/app.js'
import { LateLog, Stream } from './late-log.js'
import { until } from './remote.js'
import { startLiveChat, type LiveChat } from './live-chat.js'

/** One of several servers on one log. */
export interface Node extends LiveChat {
  /** Keeps it behind the log, until what it returns is called. */
  hold(): () => void
  /** Waits until it is about to catch up with the log. */
  catchesUp(): Promise<void>
}

/** Starts servers on one log that they share; they close with the test. */
export async function startNodes(
  t: Test,
  count: number,
  settings: Partial<Settings> = {},
  options: Partial<AppOptions> = {},
): Promise<Node[]> {
  const stream = new Stream(() => 'at once')
  const nodes: Node[] = []
  for (let number = 0; number < count; number++) {
    const log = new LateLog(stream)
    const live = await startLiveChat(t, settings, { storage: { log, release: () => undefined }, ...options })
    const isCatchingUp = () => log['rounds']['current'] !== undefined
    nodes.push({ ...live, hold: () => hold(t, log), catchesUp: () => until(isCatchingUp) })
  }
  return nodes
}

function hold(t: Test, log: LateLog): () => void {
  let release!: () => void
  log.held = new Promise((resolve) => (release = resolve))
  t.teardown(release)
  return release
}
