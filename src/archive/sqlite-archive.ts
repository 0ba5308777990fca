import { setTimeout as sleep } from 'node:timers/promises'
import type { SentRecord } from '../../schemas/records.js'
import { ChatError } from '../chat/chat-error.js'
import type { ChatState } from '../chat/chat-state.js'
import type { ChatEvent } from '../chat/events.js'
import { DataError } from '../storage/data-error.js'
import { besideModule, Thread } from '../storage/thread.js'
import type { Archive } from './archive.js'
import type { ArchiveFile, ArchiveFiles, Batch } from './archive-file.js'
import type { ArchiveReader, Part, Range } from './archive-reader.js'
import { Changes, targetOf, type Expired } from './changes.js'
import { restoreState } from './restore.js'

export interface SqliteArchiveOptions extends ArchiveFiles {
  /** Told when all up to an entry is on disk. */
  readonly onWritten?: (position: number) => void
  /** Told when it cannot be written, and when it can again. */
  readonly onAvailable?: (available: boolean, error?: Error) => void
}

/** A batch waits for so many changes, or for so many ms: the more of them go together, the less each costs. */
const batch = { changes: 1000, pause: 100 }
/** So many changes may wait; then those that make them must. */
const mostWaiting = 20_000
/** The pause between two tries while it cannot be written, in ms. */
const retryPause = 1000

/** An archive in a file of SQLite, written on one thread and read on another. */
export class SqliteArchive implements Archive {
  position = 0
  available = true
  private readonly file: string
  private readonly writer: Thread<ArchiveFile>
  private readonly reader: Thread<ArchiveReader>
  private readonly onWritten: (position: number) => void
  private readonly onAvailable: (available: boolean, error?: Error) => void
  private state: ChatState | undefined
  private changes: Changes | undefined
  private timer: NodeJS.Timeout | undefined
  private writing: Promise<void> | undefined
  private beingWritten = 0
  private roomWanted: (() => void)[] = []
  private closing: Promise<void> | undefined

  private constructor(options: SqliteArchiveOptions, writer: Thread<ArchiveFile>) {
    const { file, engine, onWritten = () => undefined, onAvailable = () => undefined } = options
    const files: ArchiveFiles = { file, engine }
    this.file = file
    this.writer = writer
    this.reader = new Thread(besideModule(import.meta.url, 'reader-thread'), files)
    this.onWritten = onWritten
    this.onAvailable = onAvailable
  }

  /**
   * Opens the file, or makes it.
   * @param epoch The log's, to which the archive belongs.
   * @throws {DataError} if it belongs to another log or cannot be read
   */
  static async open(epoch: string, options: SqliteArchiveOptions): Promise<SqliteArchive> {
    const { file, engine } = options
    const writer = new Thread<ArchiveFile>(besideModule(import.meta.url, 'archive-thread'), { file, engine })
    try {
      const bound = await writer.call('bind', epoch)
      if (bound !== epoch) throw anotherLog(file)
      return new SqliteArchive(options, writer)
    } catch (error) {
      await writer.terminate()
      throw error
    }
  }

  get full(): boolean {
    return this.waiting >= mostWaiting
  }

  async restore(state: ChatState): Promise<void> {
    await restoreState(state, this.reader, this.file)
    this.position = state.position
    state.messages.archived = state.messages.newest
    this.state = state
    // What a stop has interrupted.
    void this.expire([{ upTo: state.expired, targets: undefined }])
    for (const room of state.rooms) void this.expire([{ upTo: room.messages.expired, targets: [targetOf(room)] }])
  }

  note(event: ChatEvent): void {
    if (!this.state) return
    this.changes ??= new Changes(this.state)
    this.changes.note(event)
    this.timer ??= setTimeout(() => {
      this.begin()
    }, batch.pause)
    // Not at once: the entry may have more to tell.
    if (this.changes.size === batch.changes)
      setImmediate(() => {
        this.begin()
      })
  }

  async room(): Promise<void> {
    while (this.full) {
      if (!this.available) throw new ChatError('log_unavailable')
      await new Promise<void>((resolve) => this.roomWanted.push(resolve))
    }
  }

  page(range: Range): Promise<Part> {
    return this.reader.call('page', range)
  }

  lastBefore(time: number): Promise<number> {
    return this.reader.call('lastBefore', time)
  }

  sent(sender: number, clientId: string, now: number): Promise<SentRecord | undefined> {
    return this.reader.call('sent', sender, clientId, now)
  }

  close(): Promise<void> {
    return (this.closing ??= this.end())
  }

  private get waiting(): number {
    return this.beingWritten + (this.changes?.size ?? 0)
  }

  private begin(): void {
    const { changes } = this
    if (!changes || this.writing) return
    clearTimeout(this.timer)
    this.timer = undefined
    this.changes = undefined
    this.beingWritten = changes.size
    this.writing = this.write(changes)
  }

  /** Writes the changes, again and again until it is done: nothing else may be written before. */
  private async write(changes: Changes): Promise<void> {
    const data = changes.batch()
    const { position } = this.state as ChatState
    while (!(await this.tryToWrite(data))) {
      // The log has it all; the next start reads it there.
      if (this.closing) return
      await sleep(retryPause)
    }
    this.position = position
    if (this.state) this.state.messages.archived = changes.newestMessage ?? this.state.messages.archived
    this.beingWritten = 0
    this.writing = undefined
    this.onWritten(position)
    this.letIn()
    void this.expire(changes.expired)
    if (this.changes && (this.closing || this.changes.size >= batch.changes)) this.begin()
  }

  /** Deletes messages, some at a time: batches are written between. What is left undone is done at the next start. */
  private async expire(expired: readonly Expired[]): Promise<void> {
    try {
      for (const { upTo, targets } of expired) {
        let more = upTo > 0
        while (more && !this.closing) more = await this.writer.call('expire', upTo, targets)
      }
    } catch (error) {
      this.setAvailable(false, error as Error)
    }
  }

  private async tryToWrite(data: Batch): Promise<boolean> {
    try {
      await this.writer.call('write', data)
      this.setAvailable(true)
      return true
    } catch (error) {
      this.setAvailable(false, error as Error)
      this.letIn()
      return false
    }
  }

  private setAvailable(available: boolean, error?: Error): void {
    if (available === this.available) return
    this.available = available
    this.onAvailable(available, error)
  }

  private letIn(): void {
    for (const resolve of this.roomWanted.splice(0)) resolve()
  }

  private async end(): Promise<void> {
    this.begin()
    while (this.writing) {
      const { writing } = this
      await writing
      // It gave up.
      if (this.writing === writing) break
    }
    clearTimeout(this.timer)
    for (const thread of [this.reader, this.writer]) {
      await thread.call('close').catch(() => undefined)
      await thread.terminate()
    }
  }
}

const anotherLog = (file: string): DataError =>
  new DataError(
    `${file} belongs to another log than the one beside it: files of two folders have been mixed. Bring back a backup with "npx chatroom restore FILE".`,
  )
