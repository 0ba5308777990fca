import type { Command, CommandOf } from '../../schemas/commands.js'
import type { Outcomes } from '../chat/apply/outcomes.js'
import { ChatError } from '../chat/chat-error.js'
import { DataError } from '../storage/data-error.js'
import { besideModule, Thread } from '../storage/thread.js'
import type { Apply, Log, Replay } from './log.js'
import type { Extent, Group, LogFile, LogFiles, Window } from './log-file.js'
import { applyAgain, entriesOf } from './replay.js'
import { settle, type Waiting } from './waiting.js'

export interface SqliteLogOptions extends LogFiles {
  /** What is kept for those who come back, though nobody needs it to recover. */
  readonly window: Window
  /** Gives the time, in ms since the epoch. */
  readonly now?: () => number
  /** Told when commits begin to fail, and when they succeed again. */
  readonly onAvailable?: (available: boolean, error?: Error) => void
}

interface Encoded extends Waiting {
  /** `[at, command]`, as it is stored. */
  readonly json: string
}

/** A group that is on its way to the disk. */
interface Writing {
  readonly members: Encoded[]
  readonly first: number
  readonly written: Promise<void>
}

/** A group is so large at most. */
const group = { commands: 512, characters: 2 ** 22 }
/** Commands that wait for their commit at most. */
const mostWaiting = 50_000
/** The pause between two tries while commits fail, in ms. */
const retryPause = 1000
/** The pause between two looks at the file, and for entries to drop, in ms. */
const lookPause = 10_000

/** A log in a file of SQLite, written on a thread of its own. */
export class SqliteLog implements Log {
  available = false
  epoch = ''
  private readonly file: string
  private readonly thread: Thread<LogFile>
  private readonly window: Window
  private readonly now: () => number
  private readonly onAvailable: NonNullable<SqliteLogOptions['onAvailable']>
  private apply: Apply | undefined
  private position = 0
  private waiting: Encoded[] = []
  private committing: Promise<void> | undefined
  private needless = 0
  private retry: NodeJS.Timeout | undefined
  private readonly lookingAfter: NodeJS.Timeout
  private closing: Promise<void> | undefined

  constructor({ file, mark, engine, window, now = Date.now, onAvailable = () => undefined }: SqliteLogOptions) {
    const files: LogFiles = { file, mark, engine }
    this.file = file
    this.thread = new Thread(besideModule(import.meta.url, 'log-thread'), files)
    this.window = window
    this.now = now
    this.onAvailable = onAvailable
    this.lookingAfter = setInterval(() => {
      void this.lookAfter()
    }, lookPause)
    this.lookingAfter.unref()
  }

  /** What is on disk. */
  extent(): Promise<Extent> {
    return this.thread.call('extent')
  }

  async open(apply: Apply, { after = 0, pause }: Replay = {}): Promise<void> {
    const { epoch, first, newest } = await this.extent()
    this.epoch = epoch
    if (first > after + 1)
      throw new DataError(
        `${this.file} begins at entry ${first}, but the archive ends at entry ${after}: what is between them is lost. Bring back a backup with "npx chatroom restore FILE".`,
      )
    if (newest < after)
      throw new DataError(
        `${this.file} ends at entry ${newest}, but the archive has entries up to ${after}: the log has lost its end. Bring back a backup with "npx chatroom restore FILE".`,
      )
    this.position = after
    while (this.position < newest) {
      for (const read of await this.thread.call('read', this.position)) this.replay(read, apply)
      await pause?.(this.position, newest)
    }
    this.apply = apply
    this.available = true
    void this.prune()
  }

  append<T extends Command['type']>(command: CommandOf<T>): Promise<Outcomes[T]> {
    const { apply } = this
    if (!apply || this.closing || this.waiting.length >= mostWaiting)
      return Promise.reject(new ChatError('log_unavailable'))
    const at = this.now()
    const json = JSON.stringify([at, command])
    return new Promise((resolve, reject) => {
      this.waiting.push({ at, command, json, resolve: resolve as (outcome: unknown) => void, reject })
      // Who else asks in this turn is in the same group.
      this.committing ??= new Promise((done) => setImmediate(done)).then(() => this.commit(apply))
    })
  }

  release(position: number): void {
    this.needless = position
  }

  close(): Promise<void> {
    return (this.closing ??= this.end())
  }

  private async end(): Promise<void> {
    await this.committing
    clearInterval(this.lookingAfter)
    clearTimeout(this.retry)
    this.available = false
    await this.thread.call('close').catch(() => undefined)
    await this.thread.terminate()
  }

  /** Commits group after group. While one is applied here, the next is on its way to the disk. */
  private async commit(apply: Apply): Promise<void> {
    let next: Writing | undefined
    // Who asks while the last group is applied finds this still under way, and is taken here.
    while ((next ??= this.write(this.takeGroup()))) {
      const { members, first, written } = next
      next = undefined
      try {
        await written
      } catch (error) {
        this.fail(members, error as Error)
        continue
      }
      this.position = first + members.length - 1
      if (!this.available) this.setAvailable(true)
      next = this.write(this.takeGroup())
      await settle(members, first, apply)
    }
    this.committing = undefined
  }

  private takeGroup(): Encoded[] {
    let characters = 0
    let count = 0
    for (const { json } of this.waiting) {
      characters += json.length
      if (count > 0 && (count === group.commands || characters > group.characters)) break
      count++
    }
    return this.waiting.splice(0, count)
  }

  private write(members: Encoded[]): Writing | undefined {
    const last = members.at(-1)
    if (!last) return undefined
    const first = this.position + 1
    const entries = `[${members.map(({ json }) => json).join(',\n')}]`
    const written = this.thread.call('append', { first, count: members.length, at: last.at, entries })
    return { members, first, written }
  }

  private fail(members: readonly Waiting[], error: Error): void {
    this.setAvailable(false, error)
    for (const { reject } of members) reject(new ChatError('log_unavailable'))
    if (this.closing) return
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
    if (available === this.available || this.closing) return
    this.available = available
    this.onAvailable(available, error)
  }

  private replay({ first, entries }: Group, apply: Apply): void {
    for (const entry of entriesOf(first, entries)) {
      if (entry.position <= this.position) continue
      this.position = entry.position
      applyAgain(apply, entry)
    }
  }

  /** Finds out when the file is gone, though nobody asks for anything. */
  private async lookAfter(): Promise<void> {
    try {
      await this.thread.call('checkPlace')
    } catch (error) {
      this.fail([], error as Error)
    }
    await this.prune()
  }

  private async prune(): Promise<void> {
    try {
      while (!this.closing && (await this.thread.call('prune', this.needless, this.window, this.now())));
    } catch {
      // What is not dropped now is dropped later.
    }
  }
}
