import { setTimeout as pauseFor } from 'node:timers/promises'
import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream'
import { nanos, QueuedIteratorImpl, type NatsConnection } from '@nats-io/transport-node'
import { DataError } from '../../base/data-error.js'
import { isStreamMissing } from '../../nats/jetstream-errors.js'
import { LogPruned } from './log-pruned.js'
import { epochOf } from './log-stream.js'
import { groupIdHeader, mostUnderWay, Pull, type StreamMessage } from './pull.js'

export interface StreamReaderOptions {
  readonly connection: NatsConnection
  readonly manager: JetStreamManager
  readonly stream: string
  readonly epoch: string
  /** What has been read last, and by which id, if that is known. */
  readonly after: Pick<StreamMessage, 'sequence'> & { readonly groupId: string | undefined }
  /** Told of each message when it comes, long before it may be its turn to be read. */
  readonly onMessage: (message: StreamMessage) => void
  /** Told at each sign of life. */
  readonly onLife: () => void
}

/** The pause before the next try, in ms. */
const retryMs = 200
/** How often it is asked how long the stream is, while nothing is read, in ms. */
const lookMs = 1000
/** A consumer that nobody asks is dropped by its server after so long, in ms. */
const idleMs = 60_000
/** A server that comes back may not know all that is committed at first: what is found wrong must be so for so long, in ms. */
const confirmedMs = 5000

/**
 * Reads a stream, message after message, without a gap, for ever: on anything doubtful it goes on with a new consumer after
 * the last message that came.
 */
export class StreamReader {
  /** The newest sequence that is known of. */
  newest = 0
  private last: number
  private lastId: string | undefined
  private readonly queue: StreamMessage[] = []
  private pull: Pull | undefined
  private wake: (() => void) | undefined
  private closed = false
  private lost: Error | undefined
  /** When something was found wrong first and last, in ms. */
  private readonly suspicion = { since: 0, latest: 0 }
  private readonly looking: NodeJS.Timeout
  private readonly statuses: AsyncIterable<{ readonly type: string }>

  constructor(private readonly options: StreamReaderOptions) {
    this.last = options.after.sequence
    this.lastId = options.after.groupId
    this.statuses = options.connection.status()
    this.looking = setInterval(() => {
      // Nobody says what has been added, where nothing is asked for.
      if (this.isFull) this.look().catch(() => undefined)
    }, lookMs)
    void this.watchConnection()
    void this.run()
  }

  /** Whether nothing is asked for, since what has come waits for its turn. */
  get isFull(): boolean {
    return this.queue.length > mostUnderWay / 2
  }

  /**
   * The next message; undefined once it is closed.
   * @throws {DataError} if there is none that could be the next
   */
  async next(): Promise<StreamMessage | undefined> {
    for (;;) {
      const message = this.queue.shift()
      if (message) {
        this.pull?.refill()
        return message
      }
      if (this.lost) throw this.lost
      if (this.closed) return undefined
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
  }

  /**
   * Takes a message that the stream has just acknowledged. If it is the next, it is read at once: that it comes from the
   * consumer, too, takes longer than all the rest.
   */
  stored(message: StreamMessage): void {
    if (message.sequence === this.last + 1 && !this.closed && !this.lost) this.take(message)
  }

  /** What has come and not been read is left. */
  close(): void {
    this.closed = true
    this.queue.length = 0
    clearInterval(this.looking)
    this.pull?.end()
    this.wake?.()
    if (this.statuses instanceof QueuedIteratorImpl) this.statuses.stop()
  }

  private async run(): Promise<void> {
    while (!this.closed && !this.lost) {
      try {
        if (await this.canGoOn()) await this.readOn()
      } catch (error) {
        if (isStreamMissing(error)) this.suspect(new DataError(`The stream ${this.options.stream} has gone.`))
        // Anything else is over in a while.
      }
      await pauseFor(retryMs)
    }
  }

  /** Whether what comes next is in the stream, or will be. */
  private async canGoOn(): Promise<boolean> {
    const { stream, epoch } = this.options
    const info = await this.look()
    const { first_seq: first, last_seq: newest } = info.state
    if (epochOf(info) !== epoch) this.suspect(new DataError(`The stream ${stream} is another than before.`))
    else if (newest < this.last)
      this.suspect(
        new DataError(
          `The stream ${stream} ends at message ${newest}, but message ${this.last} was read: it has lost its end.`,
        ),
      )
    else if (first > this.last + 1) this.lose(new LogPruned(`The stream ${stream}`, this.last + 1, first))
    else if (await this.isOther(first))
      this.suspect(
        new DataError(`Message ${this.last} of the stream ${stream} is another than was read: it has lost its end.`),
      )
    else return true
    return false
  }

  /** Whether the stream was cut off, and has grown again since. */
  private async isOther(first: number): Promise<boolean> {
    const { last, lastId } = this
    if (lastId === undefined || last < first) return false
    const stored = await this.options.manager.streams.getMessage(this.options.stream, { seq: last })
    return stored !== null && stored.header.get(groupIdHeader) !== lastId
  }

  private async look(): Promise<StreamInfo> {
    const info = await this.options.manager.streams.info(this.options.stream)
    this.newest = Math.max(this.newest, info.state.last_seq)
    return info
  }

  /** Reads until something is doubtful. */
  private async readOn(): Promise<void> {
    const { connection, manager, stream, onLife } = this.options
    const { name: consumer } = await manager.consumers.add(stream, {
      ack_policy: 'none',
      deliver_policy: 'by_start_sequence',
      opt_start_seq: this.last + 1,
      inactive_threshold: nanos(idleMs),
      mem_storage: true,
      num_replicas: 1,
    })
    const room = () => mostUnderWay - this.queue.length
    this.pull = new Pull({ connection, stream, consumer, room, onLife, onMessage: (message) => this.take(message) })
    if (this.closed) this.pull.end()
    await this.pull.ended
    // It ends by itself, too, where nobody can be told.
    manager.consumers.delete(stream, consumer).catch(() => undefined)
  }

  private take(message: StreamMessage): void {
    const { sequence, pending, groupId } = message
    // A replica that is late begins with what it has.
    if (sequence <= this.last) return
    if (sequence > this.last + 1) {
      this.suspect(
        new DataError(`The stream ${this.options.stream} has lost messages ${this.last + 1} to ${sequence - 1}.`),
      )
      this.pull?.end()
      return
    }
    this.last = sequence
    this.lastId = groupId
    this.newest = Math.max(this.newest, sequence + pending)
    this.queue.push(message)
    this.options.onMessage(message)
    this.wake?.()
  }

  /** Takes something for true once it has been found so for a while. */
  private suspect(error: Error): void {
    const now = Date.now()
    if (now - this.suspicion.latest > confirmedMs) this.suspicion.since = now
    this.suspicion.latest = now
    if (now - this.suspicion.since >= confirmedMs) this.lose(error)
  }

  private lose(error: Error): void {
    this.lost = error
    this.wake?.()
  }

  private async watchConnection(): Promise<void> {
    // What was asked for on the connection before is lost.
    for await (const { type } of this.statuses) if (type === 'reconnect') this.pull?.end()
  }
}
