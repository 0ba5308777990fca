import type { UserPresence } from '../../schemas/events.js'
import type { User } from '../chat/tables/users.js'

/** Those who are told the same. */
interface Told {
  readonly users: readonly UserPresence[]
  readonly listeners: User[]
}

/** Who has come and gone, by those who are told. */
export class PresenceChanges {
  private readonly byListener = new Map<User, { readonly user: number; readonly change: UserPresence }[]>()

  add({ number, name }: User, presence: UserPresence['presence'], listeners: Iterable<User>): void {
    const change = { username: name, presence }
    for (const listener of listeners) {
      const those = this.byListener.get(listener)
      if (those) those.push({ user: number, change })
      else this.byListener.set(listener, [{ user: number, change }])
    }
  }

  /** What is told, once for all who are told the same: the members of a room, mostly. */
  byListeners(): Iterable<Told> {
    const told = new Map<string, Told>()
    for (const [listener, changes] of this.byListener) {
      const key = changes.map(({ user }) => user).join()
      const same = told.get(key)
      if (same) same.listeners.push(listener)
      else told.set(key, { users: changes.map(({ change }) => change), listeners: [listener] })
    }
    return told.values()
  }
}
