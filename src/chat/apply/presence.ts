import type { ChatState } from '../chat-state.js'
import type { User } from '../state/users.js'

/** Notes that the user was active at the time of the entry. @param hasChanged Whether the user has otherwise. */
export function touch(state: ChatState, user: User, hasChanged = false): void {
  if (state.users.touch(user, state.time, state.position) || hasChanged) state.emit({ type: 'user.changed', user })
}
