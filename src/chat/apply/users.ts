import type { CommandOf } from '../../../schemas/commands.js'
import type { ChatState } from '../chat-state.js'
import { isGuest, type User } from '../state/users.js'
import type { Outcomes } from './outcomes.js'
import { touch } from './presence.js'
import { leave } from './rooms.js'

export function register(
  state: ChatState,
  { username, token_hash, password_hash, idle_before }: CommandOf<'register'>,
): Outcomes['register'] {
  const holder = state.users.find(username)
  if (holder && isGuest(holder) && idle_before !== undefined && holder.seenAt <= idle_before) removeGuest(state, holder)
  else state.users.checkFree(username)
  const user = state.users.add(username, password_hash, state.time, state.position)
  state.users.openSession(user, token_hash)
  state.emit({ type: 'user.changed', user })
  return { username: user.name }
}

export function openSession(
  state: ChatState,
  { user, token_hash }: CommandOf<'open_session'>,
): Outcomes['open_session'] {
  const account = state.users.get(user)
  const madeWay = state.users.openSession(account, token_hash)
  if (madeWay) state.emit({ type: 'session.closed', user: account })
  state.users.touch(account, state.time, state.position)
  state.emit({ type: 'user.changed', user: account })
  return { username: account.name }
}

export function closeSession(state: ChatState, { user, token_hash }: CommandOf<'close_session'>): undefined {
  const account = state.users.get(user)
  state.users.closeSession(account, token_hash)
  state.emit({ type: 'session.closed', user: account })
  state.emit({ type: 'user.changed', user: account })
}

export function remove(state: ChatState, { user }: CommandOf<'remove_guest'>): undefined {
  removeGuest(state, state.users.get(user))
}

export function noteActive(state: ChatState, { user }: CommandOf<'touch'>): undefined {
  touch(state, state.users.get(user))
}

/** @returns how many guests have gone. */
export function expireGuests(state: ChatState, { idle_before, at_most }: CommandOf<'expire_guests'>): number {
  let gone = 0
  for (const guest of state.users.idleGuests(idle_before)) {
    if (gone === at_most) break
    removeGuest(state, guest)
    gone++
  }
  return gone
}

function removeGuest(state: ChatState, guest: User): void {
  for (const room of guest.rooms) leave(state, room, guest)
  state.users.remove(guest)
  state.emit({ type: 'user.removed', user: guest })
}
