import { jetstream, type JetStreamClient, type StreamInfo, type StreamState } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { maxPayloadOf } from '../../nats/connection.js'
import { findPromise, type Promised } from '../../nats/sync.js'
import { LogUnavailable, type Apply, type Log, type Opening, type Payload, type Writer } from '../log.js'
import { CatchUpRounds } from '../catch-up-rounds.js'
import { parseCursor } from './cursor.js'
import { GroupApplier } from './group-applier.js'
import { GroupSender } from './group-sender.js'
import { LogPruned } from './log-pruned.js'
import { epochOf, openStream, streamNameOf, subjectOf, type LogStreamOptions } from './log-stream.js'
import type { StreamMessage } from './pull.js'
import { Silence } from './silence.js'
import { startAfter } from './start.js'
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

/** A log in a stream of NATS, which several nodes share. Each counts positions as it reads. */
export class JetStreamLog implements Log {
  available = false
  epoch = ''
  readonly isShared = true
  /** The last position of what may not be kept for anybody, which the node that prunes must know. */
  forgotten = 0
  readonly name: string
  private readonly stream: string
  private readonly client: JetStreamClient
  private readonly answerWithinMs: number
  private readonly sender: GroupSender
  private reader: StreamReader | undefined
  private reading: Promise<void> | undefined
  private opened: Writer | undefined
  private applier: GroupApplier | undefined
  private maxPayload: number
  private readonly rounds = new CatchUpRounds({
    askEnd: async () => (await this.info()).state.last_seq,
    applied: () => this.applier?.sequence ?? Infinity,
    longestMs: requestMs,
  })
  private draining = false
  private isLate = false
  private silence: Silence | undefined
  private closing: Promise<void> | undefined

  constructor(private readonly options: JetStreamLogOptions) {
    const { connection, prefix, now = Date.now, answerWithinMs = answeredWithinMs } = options
    this.stream = streamNameOf(prefix)
    this.name = `The stream ${this.stream}`
    this.answerWithinMs = answerWithinMs
    this.maxPayload = maxPayloadOf(connection)
    this.client = jetstream(connection, { timeout: requestMs })
    this.sender = new GroupSender({
      now,
      answerWithinMs,
      mostBytes: () => {
        this.maxPayload = maxPayloadOf(connection, this.maxPayload)
        return this.maxPayload - headroomBytes
      },
      publish: async (msgID, bytes) => {
        const { seq, duplicate } = await this.client.publish(subjectOf(prefix), bytes, { msgID })
        if (!duplicate) this.reader?.stored({ sequence: seq, pending: 0, groupId: msgID, data: bytes })
      },
      onLate: (isLate, error) => {
        this.isLate = isLate
        this.setAvailable(error)
      },
    })
  }

  /**
   * Finds the stream, or makes it: {@link epoch} is known then.
   * @throws {SettingError} if there cannot be one
   */
  async meet(): Promise<StreamState> {
    const info = await openStream(await this.client.jetstreamManager(false), this.options, 0)
    this.epoch = epochOf(info)
    return info.state
  }

  /** Whether nothing has ever been written. */
  async isEmpty(): Promise<boolean> {
    return (await this.meet()).last_seq === 0
  }

  /** Whether what comes after an entry is in the stream. */
  async goesOnAfter(after: Opening['after']): Promise<boolean> {
    return startAfter(after).sequence >= (await this.meet()).first_seq
  }

  /** Entries of which it is known that they are committed; as groups, since it is not known how many they have. */
  get behind(): number {
    return Math.max(0, (this.reader?.newest ?? 0) - (this.applier?.sequence ?? 0))
  }

  /** @throws {LogPruned} if what comes next is there no more */
  async open(apply: Apply, { writer, after, pause }: Opening): Promise<void> {
    const manager = await this.client.jetstreamManager(false)
    const { connection } = this.options
    const start = startAfter(after)
    const last = start.sequence - 1
    const info = await openStream(manager, this.options, start.counted === undefined ? last : start.sequence)
    this.epoch = epochOf(info)
    const { first_seq: first, last_seq: newest } = info.state
    if (first > start.sequence) throw new LogPruned(this.name, start.sequence, first)
    const applier = new GroupApplier(start, apply)
    this.applier = applier
    const reader = new StreamReader({
      connection,
      manager,
      stream: this.stream,
      epoch: this.epoch,
      after: { sequence: last, groupId: start.counted === undefined ? start.origins.latest : undefined },
      onMessage: ({ groupId }) => this.sender.arrived(groupId),
      onLife: () => this.silence?.hear(),
    })
    this.reader = reader
    try {
      while (applier.sequence < newest) {
        const message = await reader.next()
        if (!message) throw new LogUnavailable()
        await this.take(message, applier, pause)
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
    this.reading = this.read(reader, applier, pause)
  }

  append(payload: Payload): Promise<unknown> {
    const { opened } = this
    if (!opened || this.draining || !this.available) return Promise.reject(new LogUnavailable())
    return this.sender.append(payload, opened)
  }

  async catchUp(): Promise<void> {
    if (this.available) await this.rounds.join()
  }

  release(): void {
    // One node prunes for all.
  }

  forget(position: number): void {
    this.forgotten = position
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
    const { config, cluster } = await this.info()
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

  private async info(): Promise<StreamInfo> {
    const manager = await this.client.jetstreamManager(false)
    return manager.streams.info(this.stream)
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
  private async read(reader: StreamReader, applier: GroupApplier, pause: Opening['pause']): Promise<void> {
    try {
      for (let message = await this.nextOf(reader); message; message = await this.nextOf(reader))
        await this.take(message, applier, pause)
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

  private async take(message: StreamMessage, applier: GroupApplier, pause: Opening['pause']): Promise<void> {
    const own = this.sender.find(message.groupId)
    await applier.take(message, own)
    this.rounds.look()
    // What this node appends is held up by who appends.
    if (own) this.sender.settled(own)
    else await pause?.(applier.position, applier.position + this.behind)
  }

  /** @param error Why it is not, if it is not. */
  private setAvailable(error?: Error): void {
    const available = !this.isLate && this.silence?.isSilent !== true
    if (available === this.available || this.draining) return
    this.available = available
    this.options.onAvailable?.(available, available ? undefined : error)
  }
}
