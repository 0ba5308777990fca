import { setImmediate } from 'node:timers/promises'
import { command, type Append } from '../command.js'
import type { ChatData } from '../chat-data.js'
import type { Live } from '../ports.js'
import { isGuest, type User } from '../tables/users.js'
import { guestsAtOnce, removeGuest, type Departures } from './departures.js'

/** Activity is noted when what is known is older than this part of a guest's life time. */
const noticeable = 1 / 16
/** Guests that one command removes at most: it must not take long. */
const mostGuests = 100
/** The pause between two looks for idle guests, in ms. */
const sweep = { least: 250, most: 60_000 }

/** Notes that a user was active. */
export const touch = command('touch', (state, { user }) => {
  state.users.touch(state.users.get(user), state.time, state.position)
})

/** Removes guests who have been idle for long. It comes to how many have gone. */
export const expireGuests = command('expire_guests', (state, { idle_before, at_most }): number => {
  let gone = 0
  for (const guest of state.users.idleGuests(idle_before)) {
    if (gone === at_most) break
    removeGuest(state, guest)
    gone++
  }
  return gone
})

/**
 * Guests go when they have been idle for long. That a guest is active is noted in the log now and then, so that every
 * replica agrees; an idle guest is one for whom that is older than the life time and a notice's interval together. Each node
 * notes those who listen there long before that, and one node removes the idle ones: it need not know who listens elsewhere.
 */
export class Guests {
  private readonly interval: number
  private timer: NodeJS.Timeout | undefined
  private hasDuty = false
  /** Whether the last look ended with an error, which has been told. */
  private failing = false
  /** Those of whom it is on its way into the log. */
  private readonly noting = new Set<User>()

  /**
   * @param ttl How long a guest may be idle, in ms.
   * @param now Gives the time, in ms since the epoch.
   * @param complain Told when they could not be removed: once, until it works again.
   */
  constructor(
    private readonly state: ChatData,
    private readonly append: Append,
    private readonly live: Live,
    private readonly departures: Departures,
    private readonly ttl: number,
    private readonly now: () => number,
    private readonly complain: (error: unknown) => void,
  ) {
    this.interval = ttl * noticeable
  }

  /** Notes that the user is active. */
  seen(user: User): void {
    if (!isGuest(user) || this.now() - user.seenAt < this.interval || this.noting.has(user)) return
    this.noting.add(user)
    void this.note(user)
  }

  /** Until when a guest of this name must have been idle to make way; undefined if nobody can take the name now. */
  idleBefore(name: string): number | undefined {
    const holder = this.state.users.find(name)
    if (!holder || !isGuest(holder)) return undefined
    if (this.live.hears(holder)) return undefined
    const limit = this.idleLimit()
    return holder.seenAt <= limit ? limit : undefined
  }

  /** Removes those who have been idle for too long. @returns how many. */
  async expire(): Promise<number> {
    const idleBefore = this.idleLimit()
    // In the log this comes before the command below.
    this.noteHeard(idleBefore)
    let gone = 0
    for (;;) {
      const [first] = this.state.users.idleGuests(idleBefore)
      if (!first) return gone
      // Others have their turn between two batches.
      await setImmediate()
      await this.departures.prepare(first, idleBefore)
      const atMost = guestsAtOnce(this.state.users.idleGuests(idleBefore), mostGuests)
      gone += await this.append(expireGuests, { idle_before: idleBefore, at_most: atMost })
    }
  }

  /** Notes from time to time those who listen here, until {@link stop}. */
  start(): void {
    const pause = Math.min(Math.max(this.interval, sweep.least), sweep.most)
    this.timer = setInterval(() => void this.sweep(), pause)
    this.timer.unref()
  }

  /** Says whether this node is the one that removes idle guests from time to time. */
  setDuty(hasDuty: boolean): void {
    this.hasDuty = hasDuty
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** Whoever waits for messages here is there, though it may not have asked for anything for long. */
  private noteHeard(idleBefore: number): void {
    for (const guest of this.state.users.idleGuests(idleBefore)) if (this.live.hears(guest)) this.seen(guest)
  }

  /** It is tried again at the next turn. Each failure has a cause that lasts, so that the first says it all. */
  private async sweep(): Promise<void> {
    try {
      this.noteHeard(this.now() - this.ttl / 2)
      if (this.hasDuty) await this.expire()
      this.failing = false
    } catch (error) {
      if (!this.failing) this.complain(error)
      this.failing = true
    }
  }

  private async note(user: User): Promise<void> {
    try {
      await this.append(touch, { user: user.number })
    } catch {
      // That it could not be noted is no failure of what the guest does; the next request tries again.
    } finally {
      this.noting.delete(user)
    }
  }

  private idleLimit(): number {
    return this.now() - this.ttl - this.interval
  }
}
