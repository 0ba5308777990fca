import { randomUUID } from 'node:crypto'
import { setTimeout as pauseFor } from 'node:timers/promises'
import type { JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { DataError } from '../../base/data-error.js'
import {
  isNameInUse,
  isPassing,
  isStreamMissing,
  isTooFewServers,
  isWorthAnotherTry,
} from '../../nats/jetstream-errors.js'
import { SettingError } from '../../settings.js'

export interface LogStreamOptions {
  /** The beginning of the names of all that is kept in NATS. */
  readonly prefix: string
  /** How many servers keep the stream. */
  readonly replicas: number
  /** For how long the servers know a group that is sent again, in ms. What comes later is known by who reads. */
  readonly duplicateWindowMs?: number
}

/** The version of what the messages of the stream are, in its metadata. */
const format = '1'
const epochKey = 'chatroom.epoch'
const formatKey = 'chatroom.format'
const duplicatesKnownMs = 120_000
/** An end that is lost must be so for so long, in ms. */
const confirmedMs = 5000
/** How long servers may take until one leads, in ms. */
const patienceMs = 15_000
const retryMs = 250

export const streamNameOf = (prefix: string): string => `${prefix}_log`
export const subjectOf = (prefix: string): string => `${prefix}.log`

/** A random name that the stream was given by who made it. */
export const epochOf = ({ config }: StreamInfo): string => config.metadata?.[epochKey] ?? ''

/**
 * The stream of the log, which is made if it is missing. Several nodes may do so at once.
 * @param end The sequence that it must have come to at least.
 * @throws {DataError} if the stream is another than it must be, or has lost its end
 * @throws {SettingError} if there cannot be one
 */
export async function openStream(
  manager: JetStreamManager,
  options: LogStreamOptions,
  end: number,
): Promise<StreamInfo> {
  const begin = Date.now()
  for (;;) {
    try {
      const info = await foundOrMade(manager, options)
      check(info, options)
      if (info.state.last_seq >= end) return info
      // A server that has just begun to lead may not know all that is committed.
      if (options.replicas === 1 || Date.now() - begin > confirmedMs) throw lostEnd(info, end)
    } catch (error) {
      if (!isWorthAnotherTry(error) || Date.now() - begin > patienceMs) throw explained(error, options)
    }
    await pauseFor(retryMs)
  }
}

async function foundOrMade(manager: JetStreamManager, options: LogStreamOptions): Promise<StreamInfo> {
  const name = streamNameOf(options.prefix)
  try {
    return await manager.streams.info(name)
  } catch (error) {
    if (!isStreamMissing(error)) throw error
  }
  try {
    await manager.streams.add({
      ...wantedOf(options),
      name,
      metadata: { [epochKey]: randomUUID(), [formatKey]: format },
    })
  } catch (error) {
    if (!isNameInUse(error)) throw error
    // Another node was faster; its epoch counts.
  }
  return manager.streams.info(name)
}

/** What must be so. Nothing is dropped but by {@link JetStreamLog.prune}. */
const mattersOf = ({ prefix, replicas }: LogStreamOptions) =>
  ({
    subjects: [subjectOf(prefix)],
    storage: 'file',
    retention: 'limits',
    num_replicas: replicas,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    max_bytes: -1,
    max_age: 0,
    max_msg_size: -1,
    discard: 'new',
    deny_delete: true,
    deny_purge: false,
    allow_rollup_hdrs: false,
  }) satisfies Partial<StreamConfig>

const wantedOf = (options: LogStreamOptions) => ({
  ...mattersOf(options),
  duplicate_window: nanos(options.duplicateWindowMs ?? duplicatesKnownMs),
})

/** What a stream that somebody else has made may have beside that, and must not. */
const unwanted = ['sealed', 'no_ack', 'mirror', 'sources', 'subject_transform', 'allow_msg_ttl'] as const

function check({ config }: StreamInfo, options: LogStreamOptions): void {
  const found = new Map<string, unknown>(Object.entries(config))
  const wrong = Object.entries(mattersOf(options))
    .filter(([key, wanted]) => JSON.stringify(found.get(key) ?? false) !== JSON.stringify(wanted))
    .map(([key, wanted]) => `${key} is ${JSON.stringify(found.get(key))} and must be ${JSON.stringify(wanted)}`)
  for (const key of unwanted) if (found.get(key)) wrong.push(`${key} is set and must not be`)
  if (found.get('persist_mode') === 'async') wrong.push('persist_mode is "async" and must be the default')
  const made = config.metadata?.[formatKey]
  if (made !== format)
    wrong.push(`its metadata say format ${made ?? 'nothing'}, and this server knows format ${format}`)
  if (wrong.length === 0) return
  throw new DataError(
    `The stream ${config.name} is not as this server needs it: ${wrong.join('; ')}. Change it with "nats stream edit ${config.name}", set CHATROOM_NATS_REPLICAS to what it has, or choose another CHATROOM_NATS_PREFIX.`,
  )
}

const lostEnd = ({ config, state }: StreamInfo, end: number): DataError =>
  new DataError(
    `The stream ${config.name} ends at message ${state.last_seq}, but what is here comes from message ${end}: the log has lost its end. Bring back a backup with "npx chatroom restore FILE".`,
  )

function explained(error: unknown, { replicas }: LogStreamOptions): unknown {
  if (isTooFewServers(error))
    return new SettingError(
      `CHATROOM_NATS_REPLICAS is ${replicas}, but there are not as many NATS servers with JetStream that could keep the log. Start as many as a cluster, or set it to 1: then what is written is lost with that one server.`,
    )
  if (isPassing(error))
    return new SettingError(
      `JetStream does not answer at CHATROOM_NATS_URL: ${(error as Error).message}. It must be enabled in the NATS servers, and more than half of them must run.`,
    )
  return error
}
