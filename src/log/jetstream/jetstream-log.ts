import { jetstream, type JetStreamClient } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { DataError } from '../../base/data-error.js'
import { inTurns } from '../../base/turns.js'
import { findPromise, type Promised } from '../../nats/sync.js'
import { decodeGroup, type Draft } from '../group-bytes.js'
import { LogUnavailable, type Apply, type Log, type Opening, type Payload, type Writer } from '../log.js'
import { parseCursor } from './cursor.js'
import type { Waiting } from '../waiting.js'
import { GroupSender } from './group-sender.js'
import { LogPruned } from './log-pruned.js'
import { epochOf, openStream, streamNameOf, subjectOf, type LogStreamOptions } from './log-stream.js'
import { Origins } from './origins.js'
import type { StreamMessage } from './pull.js'
import { StreamEntry, type GroupPlace } from './stream-entry.js'
import { Silence } from './silence.js'
import { StreamReader } from './stream-reader.js'

export interface JetStreamLogOptions extends LogStreamOptions {
  /** It stays open when the log is closed. */
  readonly connection: NatsConnection
  /** Gives the time, in ms since the epoch. */
  readonly now?: () => number
  /** After how long nobody waits for the servers any more, in ms. */
  readonly answerWithinMs?: number
  /** Told when the servers no longer answer, and when they do again. */
  readonly onAvailable?: (available: boolean, error?: Error) => void
  /** Told when what comes next is not there and never will be, a {@link LogPruned} for instance: the log has stopped. */
  readonly onLost: (error: Error) => void
}

/** Unless said otherwise. It is more than servers take until another one leads. */
const answeredWithinMs = 15_000
/** A request is taken for lost after so long, in ms. */
const requestMs = 2000
/** What a group has beside its entries: its head, the length of each, and the message's headers. */
const headroomBytes = 1024
/** What a server takes unless told otherwise, in bytes. */
const usualPayload = 2 ** 20

/** Where reading begins. */
interface Start {
  readonly sequence: number
  readonly position: number
  readonly origins: Origins
  /** Entries of the first group that have been applied; undefined if none of it has been read. */
  readonly applied: number | undefined
}

/** A log in a stream of NATS, which several nodes share. Each counts positions as it reads. */
export class JetStreamLog implements Log {
  available = false
  epoch = ''
  readonly isShared = true
  readonly name: string
  private readonly stream: string
  private readonly client: JetStreamClient
  private readonly answerWithinMs: number
  private readonly sender: GroupSender
  private reader: StreamReader | undefined
  private reading: Promise<void> | undefined
  private opened: Writer | undefined
  private position = 0
  /** Entries up to this position have been applied by other means. */
  private appliedBefore = 0
  private sequence = 0
  private origins = Origins.none
  private draining = false
  private isLate = false
  private silence: Silence | undefined
  private closing: Promise<void> | undefined

  constructor(private readonly options: JetStreamLogOptions) {
    const { connection, prefix, now = Date.now, answerWithinMs = answeredWithinMs } = options
    this.stream = streamNameOf(prefix)
    this.name = `The stream ${this.stream}`
    this.answerWithinMs = answerWithinMs
    this.client = jetstream(connection, { timeout: requestMs })
    this.sender = new GroupSender({
      now,
      answerWithinMs,
      mostBytes: () => (connection.info?.max_payload ?? usualPayload) - headroomBytes,
      publish: async (msgID, bytes) => {
        await this.client.publish(subjectOf(prefix), bytes, { msgID })
      },
      onLate: (isLate, error) => {
        this.isLate = isLate
        this.setAvailable(error)
      },
    })
  }

  /** Entries of which it is known that they are committed; as groups, since it is not known how many they have. */
  get behind(): number {
    return Math.max(0, (this.reader?.newest ?? 0) - this.sequence)
  }

  /** @throws {LogPruned} if what comes next is there no more */
  async open(apply: Apply, { writer, after, pause }: Opening): Promise<void> {
    const manager = await this.client.jetstreamManager(false)
    const { connection } = this.options
    const start = startAfter(after)
    const last = start.sequence - 1
    const info = await openStream(manager, this.options, start.applied === undefined ? last : start.sequence)
    this.epoch = epochOf(info)
    const { first_seq: first, last_seq: newest } = info.state
    if (first > start.sequence) throw new LogPruned(this.name, start.sequence, first)
    this.appliedBefore = after?.position ?? 0
    this.position = start.position
    this.sequence = last
    this.origins = start.origins
    const reader = new StreamReader({
      connection,
      manager,
      stream: this.stream,
      epoch: this.epoch,
      after: last,
      onMessage: ({ groupId }) => this.sender.arrived(groupId),
      onLife: () => this.silence?.hear(),
    })
    this.reader = reader
    try {
      for (let applied = start.applied; this.sequence < newest; applied = undefined) {
        const message = await reader.next()
        if (!message) throw new LogUnavailable()
        await this.take(message, apply, pause, applied)
      }
    } catch (error) {
      reader.close()
      throw error
    }
    this.silence = new Silence(
      this.answerWithinMs,
      () => reader.isFull,
      () => this.setAvailable(new Error(`the stream has not been heard for ${this.answerWithinMs} ms`)),
    )
    this.opened = writer
    this.available = true
    this.reading = this.read(reader, apply, pause)
  }

  append(payload: Payload): Promise<unknown> {
    const { opened } = this
    if (!opened || this.draining || !this.available) return Promise.reject(new LogUnavailable())
    return this.sender.append(payload, opened)
  }

  release(): void {
    // One node prunes for all.
  }

  forget(): void {
    // One node prunes for all.
  }

  /** Drops the entries up to that of a cursor, for all nodes. One that has not read them needs a snapshot then. */
  async prune(cursor: string): Promise<void> {
    const { sequence, index } = parseCursor(cursor)
    const manager = await this.client.jetstreamManager(false)
    await manager.streams.purge(this.stream, { seq: index === undefined ? sequence + 1 : sequence })
  }

  /**
   * What the servers that keep the stream promise. To be asked once it is open.
   * @param monitors Their HTTP addresses, each of one.
   */
  async findPromise(monitors: readonly string[]): Promise<Promised> {
    const manager = await this.client.jetstreamManager(false)
    const { config, cluster } = await manager.streams.info(this.stream)
    const keepers = [cluster?.leader, ...(cluster?.replicas ?? []).map(({ name }) => name)].filter((name) => name)
    return findPromise({
      connection: this.options.connection,
      monitors,
      replicas: config.num_replicas,
      keepers: keepers.map(String),
    })
  }

  async drain(): Promise<void> {
    this.draining = true
    this.available = false
    // What ends the reading, ends the waiting.
    await Promise.race([this.sender.drain(), this.reading])
  }

  close(): Promise<void> {
    return (this.closing ??= this.end())
  }

  private async end(): Promise<void> {
    try {
      await this.drain()
    } finally {
      this.stop()
    }
    await this.reading
  }

  private stop(): void {
    this.draining = true
    this.available = false
    this.silence?.end()
    this.sender.end()
    this.reader?.close()
  }

  /** Reads on, for ever. What `apply` throws is thrown to nobody, so that the process ends. */
  private async read(reader: StreamReader, apply: Apply, pause: Opening['pause']): Promise<void> {
    try {
      for (let message = await this.nextOf(reader); message; message = await this.nextOf(reader))
        await this.take(message, apply, pause)
    } finally {
      this.stop()
    }
  }

  private async nextOf(reader: StreamReader): Promise<StreamMessage | undefined> {
    try {
      return await reader.next()
    } catch (error) {
      this.stop()
      this.options.onLost(error as Error)
      return undefined
    }
  }

  /** @param applied How many entries of the group have been applied before, by other means. */
  private async take(message: StreamMessage, apply: Apply, pause: Opening['pause'], applied?: number): Promise<void> {
    const { sequence, groupId } = message
    const origins = applied === undefined ? this.origins.with(groupId) : this.origins
    if (origins) {
      this.origins = origins
      const own = this.sender.find(groupId)
      await this.applyGroup(message, own?.members, applied ?? 0, apply)
      if (own) this.sender.settled(own)
      this.sequence = sequence
      // What this node appends is held up by who appends.
      if (own) return
    }
    this.sequence = sequence
    await pause?.(this.position, this.position + this.behind)
  }

  private async applyGroup(
    { sequence, data }: StreamMessage,
    own: readonly Waiting[] | undefined,
    applied: number,
    apply: Apply,
  ): Promise<void> {
    const { opened, origins } = this
    const read = own && opened ? { drafts: own, writer: opened } : decoded(sequence, data)
    const { drafts, writer } = read
    const group: GroupPlace = { sequence, count: drafts.length, writer, origins }
    let index = applied
    await inTurns(drafts.slice(applied), (draft) => {
      const entry = new StreamEntry(++this.position, draft, group, index)
      const said = this.position > this.appliedBefore ? apply(entry) : undefined
      own?.[index]?.resolve(said)
      index++
    })
  }

  /** @param error Why it is not, if it is not. */
  private setAvailable(error?: Error): void {
    const available = !this.isLate && this.silence?.isSilent !== true
    if (available === this.available || this.draining) return
    this.available = available
    this.options.onAvailable?.(available, available ? undefined : error)
  }
}

/** Where to read on after an entry. */
function startAfter(after: Opening['after']): Start {
  // Without a cursor, all is counted.
  if (after?.cursor === undefined) return { sequence: 1, position: 0, origins: Origins.none, applied: undefined }
  const { sequence, index, origins } = parseCursor(after.cursor)
  const { position } = after
  if (index === undefined) return { sequence: sequence + 1, position, origins, applied: undefined }
  return { sequence, position, origins, applied: index + 1 }
}

/** @throws {DataError} if it is no group */
function decoded(sequence: number, data: Uint8Array): { drafts: readonly Draft[]; writer: Writer } {
  try {
    const drafts = decodeGroup(1, data)
    const [first] = drafts
    if (first) return { drafts, writer: first.writer }
  } catch {
    // As below.
  }
  throw new DataError(`Message ${sequence} of the stream is no group of entries: somebody else writes to it.`)
}
