import type { NatsConnection } from '@nats-io/transport-node'
import { SettingError } from '../settings.js'

/** When servers put onto their disks what they acknowledge. */
type Sync =
  | { readonly kind: 'always' }
  | { readonly kind: 'interval'; readonly intervalMs: number }
  | { readonly kind: 'unknown' }

/** What the servers promise for what they have acknowledged. */
export interface Promised {
  readonly replicas: number
  readonly sync: Sync
}

export interface SyncQuestion {
  readonly connection: NatsConnection
  /** The HTTP addresses at which servers say how they are, each of one server. */
  readonly monitors: readonly string[]
  readonly replicas: number
  /** The servers that keep the stream, by name; none where that is not known. */
  readonly keepers: readonly string[]
}

/** What is used of `/varz`. Times are in ns. */
interface Varz {
  readonly server_name?: string
  readonly jetstream?: { readonly config?: { readonly sync_always?: boolean; readonly sync_interval?: number } }
}

/** How long servers may take to say it, in ms. */
const answerMs = 2000
const nanosecondsPerMs = 1e6

/**
 * Asks the servers when they sync: at their monitors, or as the system account, if the connection may. All that keep the
 * stream must say `always` for that to be promised.
 */
export async function findPromise({ connection, monitors, replicas, keepers }: SyncQuestion): Promise<Promised> {
  const answers = monitors.length > 0 ? await askMonitors(monitors) : await askSystem(connection)
  return { replicas, sync: syncOf(answers, keepers, replicas) }
}

/** The promise in one sentence, for the log of the process and the doctor. */
export function promiseSentence({ replicas, sync }: Promised): string {
  const copies = replicas === 1 ? '1 replica,' : `${replicas} replicas, each`
  if (sync.kind === 'always') return `What is acknowledged is in ${copies} synced to its disk before.`
  const lost = replicas === 1 ? 'when its machine fails' : 'when several machines fail at once'
  if (sync.kind === 'interval')
    return `What is acknowledged is in ${copies} synced every ${sync.intervalMs / 1000} s: the latest may be lost ${lost}.`
  return `What is acknowledged is in ${copies} synced when its server does; the servers did not say when, so the latest may be lost ${lost}.`
}

/** @throws {SettingError} if it must be promised that all is synced, and is not */
export function requireSync(promised: Promised): void {
  if (promised.sync.kind === 'always') return
  const cure =
    promised.sync.kind === 'unknown'
      ? 'List the monitor of each NATS server in CHATROOM_NATS_MONITOR, such as "http://a.example:8222", so that they can be asked.'
      : 'Put "sync_interval: always" into the jetstream block of each NATS server.'
  throw new SettingError(
    `CHATROOM_NATS_SYNC is "required", but: ${promiseSentence(promised)} ${cure} Or set CHATROOM_NATS_SYNC to "any".`,
  )
}

/** Undefined for a monitor that says nothing. */
const askMonitors = (monitors: readonly string[]): Promise<(Varz | undefined)[]> =>
  Promise.all(
    monitors.map(async (monitor) => {
      try {
        const response = await fetch(new URL('varz', monitor.endsWith('/') ? monitor : `${monitor}/`), {
          signal: AbortSignal.timeout(answerMs),
        })
        return response.ok ? ((await response.json()) as Varz) : undefined
      } catch {
        return undefined
      }
    }),
  )

async function askSystem(connection: NatsConnection): Promise<Varz[]> {
  const answers: Varz[] = []
  try {
    const messages = await connection.requestMany('$SYS.REQ.SERVER.PING.VARZ', '', {
      strategy: 'stall',
      maxWait: answerMs,
    })
    for await (const message of messages) {
      const { data } = message.json<{ readonly data?: Varz }>()
      if (data) answers.push(data)
    }
  } catch {
    // Only the system account is answered.
  }
  return answers
}

function syncOf(answers: readonly (Varz | undefined)[], keepers: readonly string[], replicas: number): Sync {
  const heard = answers.filter((answer) => answer?.jetstream?.config !== undefined)
  const relevant = heard.filter((answer) => keepers.length === 0 || keepers.includes(answer?.server_name ?? ''))
  const configs = relevant.map((answer) => answer?.jetstream?.config)
  const lazy = configs.filter((config) => config?.sync_always !== true)
  // One that syncs late says enough.
  if (lazy.length > 0) {
    const intervals = lazy.map((config) => config?.sync_interval ?? 0)
    return { kind: 'interval', intervalMs: Math.max(...intervals) / nanosecondsPerMs }
  }
  const names = new Set(relevant.map((answer) => answer?.server_name))
  const isComplete = !answers.includes(undefined) && names.size >= Math.max(keepers.length, replicas)
  return { kind: isComplete ? 'always' : 'unknown' }
}
