import type { SentRecord } from '../../schemas/records.js'
import type { ChatState } from '../chat/chat-state.js'
import type { ChatEvent } from '../chat/events.js'
import { targetOf } from '../chat/state/rooms.js'
import type { Window } from '../log/log-file.js'
import { DataError } from '../storage/data-error.js'
import { besideModule, Thread } from '../storage/thread.js'
import type { Archive } from './archive.js'
import type { ArchiveFile, ArchiveFileOptions, ArchiveFiles } from './archive-file.js'
import type { ArchiveReader, Part, Range } from './archive-reader.js'
import { Batches } from './batches.js'
import { Deletions } from './deletions.js'
import type { JournalEvent } from './journal.js'
import { ReadQueue, server } from './read-queue.js'
import { Recent, type RecentEvents } from './recent.js'
import { restoreState } from './restore.js'

export interface SqliteArchiveOptions extends ArchiveFiles {
  /** The live events that are kept for those who come back. */
  readonly window: Window
  /** Gives the time, in ms since the epoch. */
  readonly now?: () => number
  /** Told when all up to an entry is on disk. */
  readonly onWritten?: (position: number) => void
  /** Told when it cannot be written, and when it can again. */
  readonly onAvailable?: (available: boolean, error?: Error) => void
}

/** An archive in a file of SQLite, written on one thread and read on others. */
export class SqliteArchive implements Archive {
  position = 0
  private readonly reader: Thread<ArchiveReader>
  /** Looks for what was sent with a `client_id`, so that no send waits for those who read. There is one when it is needed. */
  private keyReader: Thread<ArchiveReader> | undefined
  private readonly reads = new ReadQueue()
  private readonly deletions: Deletions
  private batches: Batches | undefined
  private latest: Recent | undefined
  private closing: Promise<void> | undefined

  private constructor(
    private readonly options: SqliteArchiveOptions,
    private readonly writer: Thread<ArchiveFile>,
  ) {
    this.reader = startReader(options)
    this.deletions = new Deletions(writer, this.reader)
  }

  /**
   * Opens the file, or makes it.
   * @param epoch The log's, to which the archive belongs.
   * @throws {DataError} if it belongs to another log or cannot be read
   */
  static async open(epoch: string, options: SqliteArchiveOptions): Promise<SqliteArchive> {
    const { file, engine, window } = options
    const files: ArchiveFileOptions = { file, engine, window }
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

  note(event: ChatEvent): void {
    this.batches?.note(event)
  }

  noteLive(event: JournalEvent): void {
    this.batches?.noteLive(event)
  }

  async room(): Promise<void> {
    await this.batches?.room()
  }

  page(viewer: number, range: () => Range): Promise<Part> {
    return this.reads.run(viewer, () => this.reader.call('page', range(), viewer))
  }

  lastBefore(times: readonly number[]): Promise<number[]> {
    return this.reads.run(server, () => this.reader.call('lastBefore', times))
  }

  sent(sender: number, clientId: string, now: number): Promise<SentRecord | undefined> {
    this.keyReader ??= startReader(this.options)
    return this.keyReader.call('sent', sender, clientId, now)
  }

  close(): Promise<void> {
    return (this.closing ??= this.end())
  }

  /** Deletes what a stop has left: what has expired, and messages of rooms that are gone. */
  private resumeDeletions(state: ChatState): void {
    if (state.expired > 0) this.deletions.add([{ upTo: state.expired, targets: undefined }])
    const rooms = Array.from(state.rooms).filter(({ messages }) => messages.expired > 0)
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
