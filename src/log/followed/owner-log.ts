import type { Channel, Link } from '../../base/link.js'
import type { Apply, Log, Opening, Payload } from '../log.js'
import type { SqliteLog } from '../sqlite-log.js'
import { Follower } from './follower.js'
import { Pace } from './pace.js'
import { Seen } from './seen.js'

/**
 * A log that other processes of the machine follow, and append to. What it has answered, they have applied, as far as they
 * keep pace: so whoever asks next finds it, whichever process answers.
 */
export class OwnerLog implements Log {
  readonly isShared = false
  readonly behind = 0
  private readonly followers = new Set<Follower>()
  private readonly seen = new Seen()
  /** The last position that has been applied here. */
  private applied = 0
  private readonly pace = new Pace(this.followers, () => this.applied)
  private released = 0
  /** What the log was told last that nobody needs. */
  private unneeded: number | undefined

  /** @param channel Of the links to followers. */
  constructor(
    private readonly log: SqliteLog,
    private readonly channel: Channel,
  ) {
    log.onCommitted((group) => {
      for (const follower of this.followers) follower.give(group, log.newest)
    })
  }

  get name(): string {
    return this.log.name
  }

  get epoch(): string {
    return this.log.epoch
  }

  get available(): boolean {
    return this.log.available
  }

  open(apply: Apply, opening: Opening): Promise<void> {
    const noted: Apply = (entry) => {
      const said = apply(entry)
      this.applied = entry.position
      return said
    }
    return this.log.open(noted, opening)
  }

  append(payload: Payload): Promise<unknown> {
    const settled = this.log.append(payload)
    return this.followers.size === 0 ? settled : this.spread(settled)
  }

  /** Lets somebody follow. What it may come to need is kept from now on. */
  addFollower(link: Link): void {
    const follower: Follower = new Follower(link, this.channel, this.log, {
      needs: this.released,
      seen: this.seen,
      onApplied: () => this.settle(),
      onAppended: () => this.settle(),
    })
    this.followers.add(follower)
    link.onEnd(() => {
      this.followers.delete(follower)
      this.settle()
    })
  }

  /** Says to those who follow whether it can be written. */
  tellAvailable(available: boolean): void {
    for (const follower of this.followers) follower.tellAvailable(available)
  }

  async catchUp(): Promise<void> {
    // What others append is here before it is anywhere else.
  }

  release(position: number): void {
    this.released = position
    this.releaseUnneeded()
  }

  forget(position: number): void {
    this.log.forget(position)
  }

  drain(): Promise<void> {
    return this.log.drain()
  }

  close(): Promise<void> {
    return this.log.close()
  }

  private async spread(settled: Promise<unknown>): Promise<unknown> {
    const said = await settled
    await this.pace.reach(this.applied)
    return said
  }

  /** Looks what all have come to now. */
  private settle(): void {
    this.pace.settle()
    this.releaseUnneeded()
  }

  private releaseUnneeded(): void {
    let unneeded = this.released
    for (const { needs } of this.followers) unneeded = Math.min(unneeded, needs)
    // It is looked at with each group that a follower has applied, and seldom moves: the archive comes after them all.
    if (unneeded === this.unneeded) return
    this.unneeded = unneeded
    this.log.release(unneeded)
  }
}
