import type { SentRow } from '../../schemas/rows.js'
import { DataError } from '../base/data-error.js'
import type { Channel } from '../base/link.js'
import type { Uplink } from '../base/uplink.js'
import type { Window } from '../base/window.js'
import type { ChatState } from '../chat/chat-state.js'
import type { Applied } from '../chat/events.js'
import type { ArchivedMessage, Neighbours, Part, Range } from '../chat/ports.js'
import type { FollowingArchive } from './archive.js'
import type { ArchiveFiles } from './archive-file.js'
import { ArchiveHearer, type ArchiveStatus } from './archive-link.js'
import { ArchiveReads, type Written } from './archive-reads.js'
import { Recent, type RecentEvents } from './recent.js'
import { restoreState } from './restore.js'

interface FollowedArchiveOptions extends ArchiveFiles {
  /** The live events that are kept for those who come back. */
  readonly window: Window
  readonly uplink: Uplink
  /** Of the link to the owner. */
  readonly channel: Channel
  /** Gives the time, in ms since the epoch. */
  readonly now: () => number
}

/** How often a read begins anew that has found the archive ahead of the state, at most. */
const mostTries = 3

/** The archive of another process, which writes it: it is read here, and may be ahead of the state. */
export class FollowedArchive implements FollowingArchive, Written {
  /** What waits to be written waits there. */
  readonly full = false
  private readonly reads: ArchiveReads
  private readonly owner: ArchiveHearer
  private state: ChatState | undefined
  private latest: Recent | undefined
  /** Messages that have been changed, in entries that are not known to be on disk, the oldest first. */
  private readonly changed = new Map<number, { readonly record: string; readonly position: number }>()
  private reached: (() => void)[] = []

  constructor(private readonly options: FollowedArchiveOptions) {
    this.owner = new ArchiveHearer(options.uplink, options.channel, (status) => this.follow(status))
    this.reads = new ArchiveReads(options, this)
    // What the owner has deleted does not come while it is away: nobody waits for it.
    options.uplink.onDown(() => this.reach())
  }

  get position(): number {
    return this.owner.status.position
  }

  get available(): boolean {
    return this.owner.status.available
  }

  get changedRecords(): ReadonlyMap<number, string> {
    return new Map(Array.from(this.changed, ([id, { record }]) => [id, record]))
  }

  /** Reads all of it as it is at one moment: the owner goes on writing. */
  async restore(state: ChatState): Promise<void> {
    const { file, window, now } = this.options
    const { reader } = this.reads
    await reader.call('beginMoment')
    await restoreState(state, reader, file)
    this.latest = new Recent(state, reader, file, window, now())
    await this.latest.restoreMessages()
    state.messages.archived = state.messages.newest
    this.state = state
    this.follow(this.owner.status)
  }

  async recent(): Promise<RecentEvents> {
    const recent = (await this.latest?.events()) ?? { after: 0, events: [] }
    await this.reads.reader.call('endMoment')
    return recent
  }

  take(applied: Applied): void {
    this.reads.take(applied)
    const { position, messages } = applied
    for (const { id, record } of messages) {
      if (record === undefined) continue
      this.changed.delete(id)
      this.changed.set(id, { record, position })
    }
  }

  reach(): void {
    for (const resolve of this.reached.splice(0)) resolve()
  }

  async room(): Promise<void> {
    // The owner holds up those who append.
  }

  page(viewer: number, range: () => Range): Promise<Part> {
    return this.together(() => this.reads.page(viewer, range))
  }

  lastBefore(times: readonly number[]): Promise<number[]> {
    return this.reads.lastBefore(times)
  }

  neighbours(viewer: number, range: Neighbours): Promise<Part> {
    return this.together(() => this.reads.neighbours(viewer, range))
  }

  message(viewer: number, id: number): Promise<ArchivedMessage | undefined> {
    return this.reads.message(viewer, id)
  }

  sent(sender: number, clientId: string, after: number): Promise<SentRow | undefined> {
    return this.reads.sent(sender, clientId, after)
  }

  flush(): Promise<void> {
    return this.owner.flush()
  }

  close(): Promise<void> {
    return this.reads.close()
  }

  /** What has expired may be deleted already, in an entry that has not come here: then it is read again behind that. */
  private async together<T>(read: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++)
      try {
        return await read()
      } catch (error) {
        if (!(error instanceof DataError) || tries === mostTries) throw error
        await this.owner.flush()
        await this.comesTo(this.position)
      }
  }

  /** Waits until the state is where the archive is. */
  private async comesTo(position: number): Promise<void> {
    while ((this.state?.position ?? position) < position && this.available)
      await new Promise<void>((resolve) => this.reached.push(resolve))
  }

  private follow({ position, newestMessage }: ArchiveStatus): void {
    for (const [id, { position: changedIn }] of this.changed) {
      if (changedIn > position) break
      this.changed.delete(id)
    }
    if (this.state) this.state.messages.archived = Math.max(this.state.messages.archived, newestMessage)
  }
}
