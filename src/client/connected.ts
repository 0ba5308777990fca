import type { Event, HelloEvent, PresenceEvent } from './types.js'

/** Who is connected, as far as the program has been told. */
export class Connected {
  readonly #usernames = new Set<string>()
  /** How many are, in large rooms. */
  readonly #counts = new Map<string, number>()

  /** Takes in an event that the program is given. */
  follow(event: Event): void {
    if (event.type === 'hello') this.#renew(event)
    if (event.type !== 'presence') return
    for (const { username, presence } of event.users)
      if (presence === 'connected') this.#usernames.add(username)
      else this.#usernames.delete(username)
    if (event.room_id !== undefined && event.connected !== undefined) this.#counts.set(event.room_id, event.connected)
  }

  /** What has changed while there was no connection, as the events that were missed: `hello` of another connection says it. */
  missed({ at, connected, rooms }: HelloEvent): PresenceEvent[] {
    const now = new Set(connected)
    const users: PresenceEvent['users'] = [
      ...connected
        .filter((name) => !this.#usernames.has(name))
        .map((username) => ({ username, presence: 'connected' as const })),
      ...Array.from(this.#usernames)
        .filter((name) => !now.has(name))
        .map((username) => ({ username, presence: 'disconnected' as const })),
    ]
    const counts = rooms.filter((room) => this.#counts.get(room.room_id) !== room.connected)
    return [
      ...(users.length > 0 ? [{ type: 'presence' as const, at, users }] : []),
      ...counts.map((room) => ({ type: 'presence' as const, at, users: [], ...room })),
    ]
  }

  #renew({ connected, rooms }: HelloEvent): void {
    for (const username of connected) this.#usernames.add(username)
    for (const room of rooms) this.#counts.set(room.room_id, room.connected)
  }
}
