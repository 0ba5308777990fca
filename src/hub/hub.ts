import type { ChatState } from '../chat/chat-state.js'
import type { Audience } from '../chat/events.js'
import type { Batch } from '../chat/ports.js'
import { isRoom, type Room } from '../chat/tables/rooms.js'
import { changesOf, type Change } from '../chat/tables/table.js'
import type { User } from '../chat/tables/users.js'
import { inTurns } from '../base/turns.js'
import type { ToldEvent } from './told-event.js'
import { batchFor, Turn, type Told } from './turn.js'

/** Somebody who listens as a user. */
export interface Subscriber {
  readonly user: User
  /** Whether it takes what is told: not as long as it catches up on what has been told before. */
  readonly live: boolean
  deliver(batch: Batch): void
  /** The user, or one of its sessions, is gone: it must look whether it may go on. */
  recheck(): void
}

/** Those who listen to the same. */
interface Channel {
  readonly subscribers: Set<Subscriber>
  /** What they are being told; each of them has it among what waits for it. */
  turn: Turn | undefined
}

const newChannel = (): Channel => ({ subscribers: new Set(), turn: undefined })

/**
 * Who listens to what. What is told in a turn is gathered by channel, at the same cost whatever the number of listeners;
 * at the end of the turn the listeners get it, each all of it at once, and those who listen to the same channel get the same
 * bytes. Where there are many, some get it in a later turn, together with what has been told until then.
 */
export class Hub {
  private readonly users = new Map<User, Channel>()
  private readonly rooms = new Map<Room, Channel>()
  private readonly everybody = newChannel()
  /** The channels that have a turn. */
  private open: Channel[] = []
  /** What each listener has been told and not been given yet, those first who wait longest. */
  private readonly waiting = new Map<Subscriber, Turn[]>()
  private isDelivering = false
  private count = 0

  /** Starts to listen to what is for the subscriber's user, for the user's rooms, and for everybody. */
  subscribe(subscriber: Subscriber): void {
    const { user } = subscriber
    if (subscriber.live) this.closeTurns()
    this.everybody.subscribers.add(subscriber)
    channelOf(this.users, user).subscribers.add(subscriber)
    for (const room of user.rooms.keys()) channelOf(this.rooms, room).subscribers.add(subscriber)
  }

  /** Stops listening; to stop twice is harmless. */
  unsubscribe(subscriber: Subscriber): void {
    const { user } = subscriber
    this.waiting.delete(subscriber)
    this.everybody.subscribers.delete(subscriber)
    remove(this.users, user, subscriber)
    for (const room of user.rooms.keys()) remove(this.rooms, room, subscriber)
  }

  /** Whether anybody listens as the user, or to the room. */
  hears(to: User | Room): boolean {
    return isRoom(to) ? this.rooms.has(to) : this.users.has(to)
  }

  /** Takes in who has come to or gone from which room: what was told before is for those who were there. */
  followMembers({ members }: ChatState, changes: readonly Change[]): void {
    for (const { thing: member, isGone } of changesOf(changes, members)) {
      if (isGone) this.leave(member.room, member.user)
      else this.join(member.room, member.user)
    }
  }

  /** Lets those look whether they may go on who have lost a session, or are gone. */
  followSessions({ sessions }: ChatState, changes: readonly Change[]): void {
    for (const { thing: session, isGone } of changesOf(changes, sessions))
      if (isGone)
        for (const subscriber of Array.from(this.subscribersOf(session.user))) {
          this.flush(subscriber)
          subscriber.recheck()
        }
  }

  /** Tells an audience, each listener once. */
  tell(audience: Audience, event: ToldEvent): void {
    const told = { number: this.count++, event }
    if (audience === 'everybody') this.note(this.everybody, told)
    else
      for (const to of audience) {
        const channel = isRoom(to) ? this.rooms.get(to) : this.users.get(to)
        if (channel) this.note(channel, told)
      }
  }

  /** Gives a listener what it has been told; that is done by itself at the turn's end, or soon after. */
  flush(subscriber: Subscriber): void {
    this.closeTurns()
    const turns = this.waiting.get(subscriber)
    if (!turns) return
    this.waiting.delete(subscriber)
    const batch = batchFor(subscriber.user, turns)
    if (batch) subscriber.deliver(batch)
  }

  private join(room: Room, user: User): void {
    for (const subscriber of this.subscribersOf(user)) {
      const channel = channelOf(this.rooms, room)
      channel.turn = undefined
      channel.subscribers.add(subscriber)
    }
  }

  private leave(room: Room, user: User): void {
    const channel = this.rooms.get(room)
    if (!channel) return
    for (const subscriber of this.subscribersOf(user)) {
      channel.turn = undefined
      remove(this.rooms, room, subscriber)
    }
  }

  private note(channel: Channel, told: Told): void {
    if (channel.subscribers.size === 0) return
    channel.turn ??= this.openTurn(channel)
    channel.turn.events.push(told)
  }

  private openTurn(channel: Channel): Turn {
    const turn = new Turn()
    this.open.push(channel)
    for (const subscriber of channel.subscribers) {
      if (!subscriber.live) continue
      const before = this.waiting.get(subscriber)
      if (before) before.push(turn)
      else this.waiting.set(subscriber, [turn])
    }
    if (!this.isDelivering) {
      this.isDelivering = true
      queueMicrotask(() => void this.deliver())
    }
    return turn
  }

  /** What comes from here on is told in other turns: who is given one knows all of it. */
  private closeTurns(): void {
    if (this.open.length === 0) return
    for (const channel of this.open) channel.turn = undefined
    this.open = []
  }

  private async deliver(): Promise<void> {
    while (this.waiting.size > 0) await inTurns(this.waiting.keys(), (subscriber) => this.flush(subscriber))
    this.isDelivering = false
  }

  private subscribersOf(user: User): Iterable<Subscriber> {
    return this.users.get(user)?.subscribers ?? []
  }
}

function channelOf<K>(channels: Map<K, Channel>, key: K): Channel {
  let channel = channels.get(key)
  if (!channel) channels.set(key, (channel = newChannel()))
  return channel
}

function remove<K>(channels: Map<K, Channel>, key: K, subscriber: Subscriber): void {
  const channel = channels.get(key)
  if (channel?.subscribers.delete(subscriber) && channel.subscribers.size === 0) channels.delete(key)
}
