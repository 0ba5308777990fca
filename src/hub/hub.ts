import type { ChatEvent } from '../chat/events.js'
import { isRoom, type Room } from '../chat/state/rooms.js'
import type { User } from '../chat/state/users.js'
import { Batch, type LiveEvent } from './live-event.js'

/** Somebody who listens as a user. */
export interface Subscriber {
  readonly user: User
  /** Whether it takes what is told: not as long as it catches up on what has been told before. */
  readonly live: boolean
  deliver(batch: Batch): void
  /** The user, or one of its sessions, is gone: it must look whether it may go on. */
  recheck(): void
}

/** Those who listen to the same, and what they have been told in this turn. */
interface Channel {
  readonly subscribers: Set<Subscriber>
  events: Told[]
}

interface Told {
  /** The order in which events were told. */
  readonly number: number
  readonly event: LiveEvent
}

/** Who is told: users, rooms, or everybody. */
export type Audience = readonly (User | Room)[] | 'everybody'

const newChannel = (): Channel => ({ subscribers: new Set(), events: [] })

/**
 * Who listens to what. What is told in a turn is gathered by channel, at the same cost whatever the number of listeners;
 * at the end of the turn each listener gets all of it at once, and those who listen to the same channel get the same bytes.
 */
export class Hub {
  private readonly users = new Map<User, Channel>()
  private readonly rooms = new Map<Room, Channel>()
  private readonly everybody = newChannel()
  private told: Channel[] = []
  private count = 0

  /** Starts to listen to what is for the subscriber's user, for the user's rooms, and for everybody. */
  subscribe(subscriber: Subscriber): void {
    const { user } = subscriber
    this.everybody.subscribers.add(subscriber)
    channelOf(this.users, user).subscribers.add(subscriber)
    for (const room of user.rooms) channelOf(this.rooms, room).subscribers.add(subscriber)
  }

  /** Stops listening; to stop twice is harmless. */
  unsubscribe(subscriber: Subscriber): void {
    const { user } = subscriber
    this.everybody.subscribers.delete(subscriber)
    remove(this.users, user, subscriber)
    for (const room of user.rooms) remove(this.rooms, room, subscriber)
  }

  /** Whether anybody listens as the user, or to the room. */
  hears(to: User | Room): boolean {
    return isRoom(to) ? this.rooms.has(to) : this.users.has(to)
  }

  /** Takes in who has come to or gone from where. */
  follow(event: ChatEvent): void {
    switch (event.type) {
      case 'member.joined':
        for (const subscriber of this.subscribersOf(event.user))
          channelOf(this.rooms, event.room).subscribers.add(subscriber)
        break
      case 'member.left':
        this.leave(event.room, event.user)
        break
      case 'session.closed':
      case 'user.removed':
        this.flush()
        for (const subscriber of Array.from(this.subscribersOf(event.user))) subscriber.recheck()
    }
  }

  /** Tells an audience, each listener once: nobody may listen to two of its parts. */
  tell(audience: Audience, event: LiveEvent): void {
    const told = { number: this.count++, event }
    if (audience === 'everybody') this.note(this.everybody, told)
    else
      for (const to of audience) {
        const channel = isRoom(to) ? this.rooms.get(to) : this.users.get(to)
        if (channel) this.note(channel, told)
      }
  }

  /** Delivers what has been told in this turn. It is done by itself at the turn's end. */
  flush(): void {
    const turns = this.told.splice(0).map(takeTurn)
    const parts = new Map<Subscriber, Turn[]>()
    for (const turn of turns)
      for (const subscriber of turn.subscribers) {
        if (!subscriber.live) continue
        const before = parts.get(subscriber)
        if (before) before.push(turn)
        else parts.set(subscriber, [turn])
      }
    for (const [subscriber, turns] of parts) {
      const [only] = turns
      if (only && turns.length === 1 && !only.exceptions.has(subscriber.user)) subscriber.deliver(only.batch)
      else deliverOwn(subscriber, turns)
    }
  }

  private leave(room: Room, user: User): void {
    // Whoever ends meanwhile is found in the room alone: the user is in none of its rooms any more.
    const leaving = Array.from(this.rooms.get(room)?.subscribers ?? []).filter((subscriber) => subscriber.user === user)
    if (leaving.length === 0) return
    // What was told before is theirs; what comes now is not.
    this.flush()
    for (const subscriber of leaving) remove(this.rooms, room, subscriber)
  }

  private note(channel: Channel, told: Told): void {
    if (channel.subscribers.size === 0) return
    if (this.told.length === 0) queueMicrotask(() => this.flush())
    if (channel.events.length === 0) this.told.push(channel)
    channel.events.push(told)
  }

  private subscribersOf(user: User): Iterable<Subscriber> {
    return this.users.get(user)?.subscribers ?? []
  }
}

/** What a channel was told in a turn. */
interface Turn {
  readonly subscribers: ReadonlySet<Subscriber>
  readonly events: readonly Told[]
  /** The same, as all get it but those of whom an event makes an exception. */
  readonly batch: Batch
  readonly exceptions: ReadonlySet<User>
}

function takeTurn(channel: Channel): Turn {
  const { subscribers, events } = channel
  channel.events = []
  return {
    subscribers,
    events,
    batch: new Batch(events.map(({ event }) => event)),
    exceptions: new Set(events.flatMap(({ event }) => event.instead?.user ?? [])),
  }
}

/** Delivers what nobody else gets so: from several channels, or with exceptions. */
function deliverOwn(subscriber: Subscriber, turns: readonly Turn[]): void {
  const told = turns.flatMap(({ events }) => events).sort((one, other) => one.number - other.number)
  const events = told.flatMap(({ event }) => event.for(subscriber.user) ?? [])
  if (events.length > 0) subscriber.deliver(new Batch(events))
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
