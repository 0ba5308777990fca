import type { SentRow } from '../../schemas/rows.js'
import type { Applied } from '../chat/events.js'
import type { ArchivedMessage, Neighbours, Part, Range } from '../chat/ports.js'
import { besideModule, Thread } from '../storage/thread.js'
import type { ArchiveFiles } from './archive-file.js'
import type { ArchiveReader } from './archive-reader.js'
import { ReadQueue, server } from './read-queue.js'

/** How far the archive has come, as is known to those who read it. */
export interface Written {
  /** The entry up to which all is on disk. */
  readonly position: number
  /** Whether it can be written at present. */
  readonly available: boolean
  /** What messages say that have been changed and may not be on disk, by id. */
  readonly changedRecords: ReadonlyMap<number, string>
  /** Has written what there is now. It ends when that is on disk, or was tried. */
  flush(): Promise<void>
}

/** Reads the archive for users, on threads of its own. */
export class ArchiveReads {
  readonly reader: Thread<ArchiveReader>
  /** Looks for what was sent with a `client_id`, so that no send waits for those who read. There is one when it is needed. */
  private keyReader: Thread<ArchiveReader> | undefined
  private readonly queue = new ReadQueue()
  /** The latest entry that has changed a message. */
  private changedIn = 0
  private closed = false

  constructor(
    private readonly files: ArchiveFiles,
    private readonly written: Written,
  ) {
    this.reader = startReader(files)
  }

  take({ messages, position }: Applied): void {
    if (messages.some(({ record }) => record !== undefined)) this.changedIn = position
  }

  async page(viewer: number, range: () => Range): Promise<Part> {
    await this.haveChanges()
    return this.queue.run(viewer, () => this.reader.call('page', range(), viewer, this.changed))
  }

  lastBefore(times: readonly number[]): Promise<number[]> {
    return this.queue.run(server, () => this.reader.call('lastBefore', times))
  }

  async neighbours(viewer: number, range: Neighbours): Promise<Part> {
    await this.haveChanges()
    return this.queue.run(viewer, () => this.reader.call('neighbours', range, viewer, this.changed))
  }

  async message(viewer: number, id: number): Promise<ArchivedMessage | undefined> {
    await this.haveChanges()
    // What comes later may be in the row, or not.
    const readAt = this.written.position
    const row = await this.queue.run(viewer, () => this.reader.call('message', id))
    if (!row) return undefined
    const { target, sender, sent_at: sentAt, client_id: clientId, record } = row
    return { facts: { target, sender, sentAt, clientId: clientId ?? undefined }, record, readAt }
  }

  sent(sender: number, clientId: string, after: number): Promise<SentRow | undefined> {
    this.keyReader ??= startReader(this.files)
    return this.keyReader.call('sent', sender, clientId, after)
  }

  targetsOfRooms(): Promise<number[]> {
    return this.queue.run(server, () => this.reader.call('targetsOfRooms'))
  }

  /** Nobody is made to wait from here on. */
  stop(): void {
    this.closed = true
  }

  async close(): Promise<void> {
    this.stop()
    for (const thread of [this.reader, this.keyReader]) await thread?.close()
  }

  /** Whoever reads what has been changed reads the change: it is not long before it is written. */
  private async haveChanges(): Promise<void> {
    const { changedIn } = this
    while (this.written.position < changedIn && this.written.available && !this.closed) await this.written.flush()
  }

  /** What messages say of which the archive does not have the latest change, by id. There are some where it cannot be written. */
  private get changed(): ReadonlyMap<number, string> | undefined {
    return this.written.position < this.changedIn ? this.written.changedRecords : undefined
  }
}

/** Starts a thread that reads it. */
export const startReader = ({ file, engine }: ArchiveFiles): Thread<ArchiveReader> =>
  new Thread(besideModule(import.meta.url, 'reader-thread'), { file, engine } satisfies ArchiveFiles)
