import type { Channel, Link } from '../../base/link.js'
import { OutcomeUnknown } from '../log.js'
import type { Group } from '../log-file.js'
import type { SqliteLog } from '../sqlite-log.js'
import type { Seen } from './seen.js'
import { kinds, message, numberOf, readAppend } from './wire.js'

/** What is sent and not taken may have so many bytes; whoever is further behind comes back, and reads what is on disk. */
const mostQueuedBytes = 2 ** 26

interface FollowerOptions {
  /** The position behind which it may need what there is. */
  readonly needs: number
  /** What has been appended from elsewhere. */
  readonly seen: Seen
  /** Told when it has come further. */
  readonly onApplied: () => void
  /** Told when what it has appended has been applied here. */
  readonly onAppended: () => void
}

/** One who follows, as the owner of the log sees it. */
export class Follower {
  /** The position up to which it has applied all. */
  applied = 0
  /** Whether others wait for it. */
  keepsPace = false
  /** The position behind which it may need what there is. */
  needs: number
  /** The last position that it was given; undefined if it has not said what it wants. */
  private given: number | undefined
  /** Whether it reads what was there before it came. */
  private isBehind = true
  private settled = 0

  constructor(
    private readonly link: Link,
    private readonly channel: Channel,
    private readonly log: SqliteLog,
    private readonly options: FollowerOptions,
  ) {
    this.needs = options.needs
    link.on(channel, (bytes) => this.take(bytes))
    this.send(message(kinds.welcome, log.newest, log.available ? 1 : 0), Buffer.from(log.epoch))
  }

  /** Gives it a group that has just been committed. */
  give(group: Group, newest: number): void {
    if (this.isBehind) return
    this.sendGroup(group, newest)
    if (this.link.queuedBytes > mostQueuedBytes) this.link.destroy()
  }

  /** Says up to which position all others have applied all. */
  settle(position: number): void {
    if (position <= this.settled || !Number.isFinite(position)) return
    this.settled = position
    this.send(message(kinds.settled, position))
  }

  /** Looks whether it has come, in time, to where the owner was. */
  judge(due: number): void {
    this.keepsPace = !this.isBehind && this.applied >= due
  }

  tellAvailable(available: boolean): void {
    this.send(message(kinds.available, available ? 1 : 0))
  }

  private take(bytes: Buffer): void {
    switch (bytes[0]) {
      case kinds.follow:
        this.given = this.applied = this.needs = numberOf(bytes)
        void this.catchUp()
        return
      case kinds.append:
        void this.append(readAppend(bytes))
        return
      case kinds.applied:
        this.applied = this.needs = numberOf(bytes)
        this.keepsPace ||= !this.isBehind && this.applied === this.given
        this.options.onApplied()
        return
      case kinds.ask:
        this.send(message(kinds.newest, this.log.newest))
    }
  }

  /** Gives it what is on disk, as fast as it takes it, until nothing is missing. */
  private async catchUp(): Promise<void> {
    try {
      while ((this.given ?? 0) < this.log.newest) {
        const groups = await this.log.read(this.given ?? 0)
        if ((groups[0]?.first ?? Infinity) > (this.given ?? 0) + 1) {
          this.send(message(kinds.gone))
          return
        }
        // One that is on disk, and not known to be, is given when it is.
        for (const group of groups) if (group.first <= this.log.newest) this.sendGroup(group, this.log.newest)
        await this.link.drain()
      }
      this.isBehind = (this.given ?? 0) < this.log.newest
    } catch {
      // It cannot be read now; whoever comes back tries again.
    }
    if (this.isBehind) this.link.destroy()
    else {
      // Before it answers anybody.
      this.keepsPace = true
      this.send(message(kinds.live, this.log.newest))
    }
  }

  private async append({ id, payload }: { id: string; payload: Buffer }): Promise<void> {
    // It is on its way already, or has come.
    if (!this.options.seen.add(id)) return
    try {
      await this.log.append({ bytes: payload, id })
      this.options.onAppended()
    } catch (error) {
      this.send(message(kinds.refused, error instanceof OutcomeUnknown ? 1 : 0), Buffer.from(id))
    }
  }

  private sendGroup({ first, count, entries }: Group, newest: number): void {
    this.given = first + count - 1
    this.send(message(kinds.group, newest, first), entries)
  }

  private send(...parts: readonly Uint8Array[]): void {
    this.link.send(this.channel, ...parts)
  }
}
