import type { SentRow } from '../../schemas/rows.js'
import type { Window } from '../base/window.js'
import type { ChatState } from '../chat/chat-state.js'
import type { Applied } from '../chat/events.js'
import type { ArchivedMessage, Neighbours, Part, Range } from '../chat/ports.js'
import { targetOf } from '../chat/tables/rooms.js'
import type { Table } from '../chat/tables/table.js'
import { DataError } from '../base/data-error.js'
import { besideModule, Thread } from '../storage/thread.js'
import { ArchiveReads, startReader, type Written } from './archive-reads.js'
import type { FollowingArchive } from './archive.js'
import type { ArchiveStatus } from './archive-link.js'
import type { ArchiveFile, ArchiveFileOptions, ArchiveFiles } from './archive-file.js'
import { Batches } from './batches.js'
import { Deletions } from './deletions.js'
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
export class SqliteArchive implements FollowingArchive, Written {
  position = 0
  cursor: string | undefined
  private readonly reads: ArchiveReads
  private readonly deletions: Deletions
  private readonly tidying: NodeJS.Timeout
  /** The newest message that is on disk. */
  private newestMessage = 0
  private batches: Batches | undefined
  private latest: Recent | undefined
  private closing: Promise<void> | undefined

  private constructor(
    private readonly options: SqliteArchiveOptions,
    private readonly writer: Thread<ArchiveFile>,
  ) {
    this.reads = new ArchiveReads(options, this)
    this.deletions = new Deletions(writer, this.reads.reader)
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

  /** How far it has come, for those who read it in other processes. */
  get status(): ArchiveStatus {
    return { position: this.position, newestMessage: this.newestMessage, available: this.available }
  }

  async restore(state: ChatState): Promise<void> {
    const { file, window, now = Date.now } = this.options
    await restoreState(state, this.reads.reader, file)
    this.position = state.position
    this.cursor = await this.reads.reader.call('cursor')
    this.latest = new Recent(state, this.reads.reader, file, window, now())
    await this.latest.restoreMessages()
    state.messages.archived = this.newestMessage = state.messages.newest
    this.resumeDeletions(state)
    this.batches = new Batches(state, this.writer, {
      onWritten: (position, { newestMessage, expired }) => {
        this.position = position
        this.newestMessage = newestMessage ?? this.newestMessage
        state.messages.archived = this.newestMessage
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
    this.reads.take(applied)
  }

  async room(): Promise<void> {
    await this.batches?.room()
  }

  page(viewer: number, range: () => Range): Promise<Part> {
    return this.reads.page(viewer, range)
  }

  lastBefore(times: readonly number[]): Promise<number[]> {
    return this.reads.lastBefore(times)
  }

  neighbours(viewer: number, range: Neighbours): Promise<Part> {
    return this.reads.neighbours(viewer, range)
  }

  message(viewer: number, id: number): Promise<ArchivedMessage | undefined> {
    return this.reads.message(viewer, id)
  }

  sent(sender: number, clientId: string, after: number): Promise<SentRow | undefined> {
    return this.reads.sent(sender, clientId, after)
  }

  get changedRecords(): ReadonlyMap<number, string> {
    return this.batches?.changedRecords ?? new Map()
  }

  /** Copies all of it, as it is at one moment, into a file that is not there yet. */
  async copyInto(file: string): Promise<void> {
    const reader = startReader(this.options)
    try {
      await reader.call('copyInto', file)
    } finally {
      await reader.close()
    }
  }

  async flush(): Promise<void> {
    await this.batches?.flush()
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
    const targets = await this.reads.targetsOfRooms()
    const gone = targets.filter((target) => !rooms.find(-target))
    if (gone.length > 0) this.deletions.add([{ upTo, targets: gone }])
  }

  private async end(): Promise<void> {
    this.deletions.close()
    clearInterval(this.tidying)
    this.reads.stop()
    await this.batches?.close()
    await this.reads.close()
    await this.writer.close()
  }
}

const anotherLog = (file: string): DataError =>
  new DataError(
    `${file} belongs to another log than the one beside it: files of two folders have been mixed. Bring back a backup with "npx chatroom restore FILE".`,
  )
