import type { ChatEvent } from '../chat/events.js'
import { isRoom, type Room } from '../chat/state/rooms.js'
import type { User } from '../chat/state/users.js'

/** Somebody who waits for what concerns a user. */
export interface Listener {
  readonly user: User
  /** Called when the state has changed. It may stop listening from within. */
  notify(event: ChatEvent): void
}

/**
 * Who listens to what. An event costs the listeners that it concerns: of a room with ten thousand members, those alone
 * who listen are looked at.
 */
export class Hub {
  private readonly listeners = new Map<User, Set<Listener>>()
  /** The members who listen. */
  private readonly rooms = new Map<Room, Set<User>>()

  /** Starts to listen to what is addressed to the listener's user and to the user's rooms. */
  listen(listener: Listener): void {
    const { user } = listener
    const those = this.listeners.get(user)
    if (those) {
      those.add(listener)
      return
    }
    this.listeners.set(user, new Set([listener]))
    for (const room of user.rooms) this.enter(room, user)
  }

  /** Stops listening; to stop twice is harmless. */
  unlisten(listener: Listener): void {
    const { user } = listener
    const those = this.listeners.get(user)
    if (!those?.delete(listener) || those.size > 0) return
    this.listeners.delete(user)
    for (const room of user.rooms) this.exit(room, user)
  }

  /** Whether anybody listens for the user. */
  hears(user: User): boolean {
    return this.listeners.has(user)
  }

  publish(event: ChatEvent): void {
    switch (event.type) {
      case 'member.joined':
        if (this.hears(event.user)) this.enter(event.room, event.user)
        break
      case 'member.left':
        this.exit(event.room, event.user)
        break
      case 'session.closed':
      case 'user.removed':
        this.notify(event.user, event)
        break
      case 'message.created':
        if (isRoom(event.to)) for (const user of this.rooms.get(event.to) ?? []) this.notify(user, event)
        else this.notify(event.to, event)
    }
  }

  private notify(user: User, event: ChatEvent): void {
    for (const listener of this.listeners.get(user) ?? []) listener.notify(event)
  }

  private enter(room: Room, user: User): void {
    const those = this.rooms.get(room)
    if (those) those.add(user)
    else this.rooms.set(room, new Set([user]))
  }

  private exit(room: Room, user: User): void {
    const those = this.rooms.get(room)
    if (those?.delete(user) && those.size === 0) this.rooms.delete(room)
  }
}
