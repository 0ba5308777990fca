import type { SentRow } from '../../schemas/rows.js'
import type { Window } from '../base/window.js'
import type { ChatState } from '../chat/chat-state.js'
import type { Applied } from '../chat/events.js'
import type { ArchivedMessage, Neighbours, Part, Range } from '../chat/ports.js'
import { targetOf } from '../chat/tables/rooms.js'
import type { Table } from '../chat/tables/table.js'
import { DataError } from '../base/data-error.js'
import { besideModule, Thread } from '../storage/thread.js'
import type { FollowingArchive } from './archive.js'
import type { ArchiveFile, ArchiveFileOptions, ArchiveFiles } from './archive-file.js'
import type { ArchiveReader } from './archive-reader.js'
import { Batches } from './batches.js'
import { Deletions } from './deletions.js'
import { ReadQueue, server } from './read-queue.js'
import { Recent, type RecentEvents } from './recent.js'
import { restoreState } from './restore.js'
import { storedTable } from './tables.js'

export interface SqliteArchiveOptions extends ArchiveFiles {
  /** The live events that are kept for those who come back. */
  readonly window: Window
  /** Of the state. */
  readonly tables: readonly Table[]
  /** Gives the time, in ms since the epoch. */
  readonly now?: () => number
  /** Told when all up to an entry is on disk. */
  readonly onWritten?: (position: number) => void
  /** Told when it cannot be written, and when it can again. */
  readonly onAvailable?: (available: boolean, error?: Error) => void
}

/** The pause between two looks whether something that was deleted is to be wiped out, in ms. */
const tidyPauseMs = 10_000

/** An archive in a file of SQLite, written on one thread and read on others. */
export class SqliteArchive implements FollowingArchive {
  position = 0
  private readonly reader: Thread<ArchiveReader>
  /** Looks for what was sent with a `client_id`, so that no send waits for those who read. There is one when it is needed. */
  private keyReader: Thread<ArchiveReader> | undefined
  private readonly reads = new ReadQueue()
  private readonly deletions: Deletions
  private readonly tidying: NodeJS.Timeout
  private batches: Batches | undefined
  /** The latest entry that has changed a message. */
  private changedIn = 0
  private latest: Recent | undefined
  private closing: Promise<void> | undefined

  private constructor(
    private readonly options: SqliteArchiveOptions,
    private readonly writer: Thread<ArchiveFile>,
  ) {
    this.reader = startReader(options)
    this.deletions = new Deletions(writer, this.reader)
    this.tidying = setInterval(() => {
      // What cannot be done now is done later.
      writer.call('tidy').catch(() => undefined)
    }, tidyPauseMs).unref()
  }

  /**
   * Opens the file, or makes it.
   * @param epoch The log's, to which the archive belongs.
   * @throws {DataError} if it belongs to another log or cannot be read
   */
  static async open(epoch: string, options: SqliteArchiveOptions): Promise<SqliteArchive> {
    const { file, engine, window, tables } = options
    const files: ArchiveFileOptions = { file, engine, window, tables: tables.map(storedTable) }
    const writer = new Thread<ArchiveFile>(besideModule(import.meta.url, 'archive-thread'), files)
    try {
      const bound = await writer.call('bind', epoch)
      if (bound !== epoch) throw anotherLog(file)
      return new SqliteArchive(options, writer)
    } catch (error) {
      await writer.terminate()
      throw error
    }
  }

  get available(): boolean {
    return this.batches?.available ?? true
  }

  get full(): boolean {
    return this.batches?.full ?? false
  }

  async restore(state: ChatState): Promise<void> {
    const { file, window, now = Date.now } = this.options
    await restoreState(state, this.reader, file)
    this.position = state.position
    this.latest = new Recent(state, this.reader, file, window, now())
    await this.latest.restoreMessages()
    state.messages.archived = state.messages.newest
    this.resumeDeletions(state)
    this.batches = new Batches(state, this.writer, {
      onWritten: (position, { newestMessage, expired }) => {
        this.position = position
        state.messages.archived = newestMessage ?? state.messages.archived
        this.options.onWritten?.(position)
        this.deletions.add(expired)
      },
      onAvailable: (available, error) => {
        this.options.onAvailable?.(available, error)
      },
    })
  }

  async recent(): Promise<RecentEvents> {
    return (await this.latest?.events()) ?? { after: 0, events: [] }
  }

  take(applied: Applied): void {
    this.batches?.take(applied)
    if (applied.messages.some(({ record }) => record !== undefined)) this.changedIn = applied.position
  }

  async room(): Promise<void> {
    await this.batches?.room()
  }

  async page(viewer: number, range: () => Range): Promise<Part> {
    await this.haveChanges()
    return this.reads.run(viewer, () => this.reader.call('page', range(), viewer, this.changed))
  }

  lastBefore(times: readonly number[]): Promise<number[]> {
    return this.reads.run(server, () => this.reader.call('lastBefore', times))
  }

  async neighbours(viewer: number, range: Neighbours): Promise<Part> {
    await this.haveChanges()
    return this.reads.run(viewer, () => this.reader.call('neighbours', range, viewer, this.changed))
  }

  async message(viewer: number, id: number): Promise<ArchivedMessage | undefined> {
    await this.haveChanges()
    // What comes later may be in the row, or not.
    const readAt = this.position
    const row = await this.reads.run(viewer, () => this.reader.call('message', id))
    if (!row) return undefined
    const { target, sender, sent_at: sentAt, client_id: clientId, record } = row
    return { facts: { target, sender, sentAt, clientId: clientId ?? undefined }, record, readAt }
  }

  sent(sender: number, clientId: string, after: number): Promise<SentRow | undefined> {
    this.keyReader ??= startReader(this.options)
    return this.keyReader.call('sent', sender, clientId, after)
  }

  /** Whoever reads what has been changed reads the change: it is not long before it is written. */
  private async haveChanges(): Promise<void> {
    const { changedIn } = this
    while (this.position < changedIn && this.available && !this.closing) await this.batches?.flush()
  }

  /** What messages say of which the archive does not have the latest change, by id. There are some where it cannot be written. */
  private get changed(): ReadonlyMap<number, string> | undefined {
    return this.position < this.changedIn ? this.batches?.changedRecords : undefined
  }

  close(): Promise<void> {
    return (this.closing ??= this.end())
  }

  /** Deletes what a stop has left: what has expired, and messages of rooms that are gone. */
  private resumeDeletions(state: ChatState): void {
    if (state.expired > 0) this.deletions.add([{ upTo: state.expired }])
    const rooms = Array.from(state.rooms.things()).filter(({ messages }) => messages.expired > 0)
    this.deletions.add(rooms.map((room) => ({ upTo: room.messages.expired, targets: [targetOf(room)] })))
    // Nobody waits for it, and the next start does what this one does not.
    this.deleteOfRoomsThatAreGone(state).catch(() => undefined)
  }

  private async deleteOfRoomsThatAreGone({ rooms, messages }: ChatState): Promise<void> {
    const upTo = messages.newest
    const targets = await this.reads.run(server, () => this.reader.call('targetsOfRooms'))
    const gone = targets.filter((target) => !rooms.find(-target))
    if (gone.length > 0) this.deletions.add([{ upTo, targets: gone }])
  }

  private async end(): Promise<void> {
    this.deletions.close()
    clearInterval(this.tidying)
    await this.batches?.close()
    for (const thread of [this.reader, this.keyReader, this.writer]) {
      if (!thread) continue
      await thread.call('close').catch(() => undefined)
      await thread.terminate()
    }
  }
}

const startReader = ({ file, engine }: ArchiveFiles): Thread<ArchiveReader> =>
  new Thread(besideModule(import.meta.url, 'reader-thread'), { file, engine } satisfies ArchiveFiles)

const anotherLog = (file: string): DataError =>
  new DataError(
    `${file} belongs to another log than the one beside it: files of two folders have been mixed. Bring back a backup with "npx chatroom restore FILE".`,
  )
