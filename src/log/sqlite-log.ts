import { DataError } from '../base/data-error.js'
import { besideModule, Thread } from '../storage/thread.js'
import { decodeGroup, encodeGroup } from './group-bytes.js'
import { LogUnavailable, OutcomeUnknown, type Apply, type Log, type Opening, type Payload, type Writer } from './log.js'
import type { Window } from '../base/window.js'
import type { Extent, Group, LogFile, LogFiles } from './log-file.js'
import { LogUpkeep } from './log-upkeep.js'
import { settle, WaitingEntries, type GroupBounds, type Waiting } from './waiting.js'

export interface SqliteLogOptions extends LogFiles {
  /** What is kept for those who come back, though nobody needs it to recover. */
  readonly window: Window
  /** Gives the time, in ms since the epoch. */
  readonly now?: () => number
  /** After how long nobody waits for the disk any more, in ms. */
  readonly answerWithinMs?: number
  /** Told when commits begin to fail, and when they succeed again. */
  readonly onAvailable?: (available: boolean, error?: Error) => void
}

/** A group that is on its way to the disk. */
interface Writing {
  readonly members: readonly Waiting[]
  readonly group: Group
  readonly written: Promise<void>
}

/** A group is so large at most. */
const groupBounds: GroupBounds = { entries: 512, bytes: 2 ** 22 }
/** Entries that wait for their commit at most. */
const mostWaiting = 50_000
/** Unless said otherwise. It is more than SQLite waits for another process. */
const answeredWithinMs = 15_000
/** The pause between two tries while commits fail, in ms. */
const retryPause = 1000

/** A log in a file of SQLite, written on a thread of its own. */
export class SqliteLog implements Log {
  available = false
  epoch = ''
  readonly isShared = false
  readonly behind = 0
  readonly name: string
  private readonly thread: Thread<LogFile>
  private readonly upkeep: LogUpkeep
  private readonly answerWithinMs: number
  private readonly onAvailable: NonNullable<SqliteLogOptions['onAvailable']>
  private opened: { readonly apply: Apply; readonly writer: Writer } | undefined
  private position = 0
  private readonly waiting: WaitingEntries
  private tellCommitted: (group: Group) => void = () => undefined
  private committing: Promise<void> | undefined
  private retry: NodeJS.Timeout | undefined
  private draining = false
  private closing: Promise<void> | undefined

  constructor({ file, mark, engine, window, now = Date.now, ...options }: SqliteLogOptions) {
    const { answerWithinMs = answeredWithinMs, onAvailable = () => undefined } = options
    const files: LogFiles = { file, mark, engine }
    this.name = file
    this.waiting = new WaitingEntries(now)
    this.thread = new Thread(besideModule(import.meta.url, 'log-thread'), files)
    this.answerWithinMs = answerWithinMs
    this.onAvailable = onAvailable
    this.upkeep = new LogUpkeep(this.thread, { window, now, onGone: (error) => this.fail([], error) })
  }

  /** The last position that is on disk. */
  get newest(): number {
    return this.position
  }

  /** Calls back with each group that is on disk from now on, before it is applied here. */
  onCommitted(onCommitted: (group: Group) => void): void {
    this.tellCommitted = onCommitted
  }

  /** The next groups with positions after this one, as many as make a chunk; none at the end. @throws {DataError} */
  read(after: number): Promise<Group[]> {
    return this.thread.call('read', after)
  }

  /** What is on disk. */
  extent(): Promise<Extent> {
    return this.thread.call('extent')
  }

  async open(apply: Apply, { writer, after: { position: after } = { position: 0 }, pause }: Opening): Promise<void> {
    const { epoch, first, newest } = await this.extent()
    this.epoch = epoch
    if (first > after + 1)
      throw new DataError(
        `${this.name} begins at entry ${first}, but the archive ends at entry ${after}: what is between them is lost. Bring back a backup with "npx chatroom restore FILE".`,
      )
    if (newest < after)
      throw new DataError(
        `${this.name} ends at entry ${newest}, but the archive has entries up to ${after}: the log has lost its end. Bring back a backup with "npx chatroom restore FILE".`,
      )
    this.position = after
    while (this.position < newest) {
      for (const read of await this.read(this.position)) this.replay(read, apply)
      await pause?.(this.position, newest)
    }
    this.opened = { apply, writer }
    this.available = true
    void this.upkeep.prune()
  }

  append(payload: Payload): Promise<unknown> {
    const { opened } = this
    if (!opened || this.draining || this.waiting.count >= mostWaiting) return Promise.reject(new LogUnavailable())
    const settled = this.waiting.add(payload)
    // Who else asks in this turn is in the same group.
    this.committing ??= new Promise((done) => setImmediate(done)).then(() => this.commit(opened))
    return settled
  }

  async catchUp(): Promise<void> {
    // Nobody else appends.
  }

  release(position: number): void {
    this.upkeep.release(position)
  }

  forget(position: number): void {
    this.upkeep.forget(position)
  }

  async drain(): Promise<void> {
    this.draining = true
    this.available = false
    await this.committing
  }

  close(): Promise<void> {
    return (this.closing ??= this.end())
  }

  private async end(): Promise<void> {
    try {
      await this.drain()
    } finally {
      clearTimeout(this.retry)
      await this.upkeep.end()
      await this.thread.call('close').catch(() => undefined)
      await this.thread.terminate()
    }
  }

  /** Commits group after group. While one is applied here, the next is on its way to the disk. */
  private async commit({ apply, writer }: NonNullable<SqliteLog['opened']>): Promise<void> {
    let next: Writing | undefined
    // Who asks while the last group is applied finds this still under way, and is taken here.
    while ((next ??= this.write(writer))) {
      const { members, group } = next
      const written = this.written(next)
      next = undefined
      try {
        await written
      } catch (error) {
        this.fail(members, error as Error)
        continue
      }
      this.position = group.first + group.count - 1
      if (!this.available) this.setAvailable(true)
      next = this.write(writer)
      this.tellCommitted(group)
      await settle(members, group.first, writer, apply)
    }
    this.committing = undefined
  }

  private write(writer: Writer): Writing | undefined {
    const members = this.waiting.takeGroup(groupBounds)
    const last = members.at(-1)
    if (!last) return undefined
    const entries = encodeGroup(writer, members)
    const group: Group = { first: this.position + 1, count: members.length, at: last.at, entries }
    return { members, group, written: this.thread.call('append', group) }
  }

  /** Waits for the disk. Where that takes too long, those who wait are told what is known. */
  private async written({ members, written }: Writing): Promise<void> {
    const giveUp = setInterval(() => {
      this.setAvailable(false, new Error(`the disk has not answered for ${this.answerWithinMs} ms`))
      for (const { reject } of members) reject(new OutcomeUnknown())
      for (const { reject } of this.waiting.takeAll()) reject(new LogUnavailable())
    }, this.answerWithinMs)
    try {
      await written
    } finally {
      clearInterval(giveUp)
    }
  }

  private fail(members: readonly Waiting[], error: Error): void {
    this.setAvailable(false, error)
    for (const { reject } of members) reject(new LogUnavailable())
    if (this.draining) return
    // Nobody may ask for a while, so it is tried without.
    this.retry ??= setTimeout(() => {
      this.retry = undefined
      void this.tryAgain()
    }, retryPause).unref()
  }

  private async tryAgain(): Promise<void> {
    try {
      await this.thread.call('probe')
      this.setAvailable(true)
    } catch (error) {
      this.fail([], error as Error)
    }
  }

  private setAvailable(available: boolean, error?: Error): void {
    if (available === this.available || this.draining) return
    this.available = available
    this.onAvailable(available, error)
  }

  private replay({ first, entries }: Group, apply: Apply): void {
    for (const entry of decodeGroup(first, entries)) {
      if (entry.position <= this.position) continue
      this.position = entry.position
      apply(entry)
    }
  }
}
