import type { ChatState } from '../chat-state.js'
import type { User } from '../state/users.js'

/** Notes that the user was active at the time of the entry. */
export function touch(state: ChatState, user: User): void {
  if (state.users.touch(user, state.time, state.position)) state.emit({ type: 'user.changed', user })
}
