import type { SessionResult } from '../../../schemas/users.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import { ChatError } from '../chat-error.js'
import { looksReserved } from '../names.js'
import { hashPassword, hashToken, newToken } from '../secrets.js'
import { isGuest } from '../tables/users.js'
import { removeGuest } from './departures.js'

/** What a session that is opened comes to. */
export interface Opened {
  readonly username: string
}

/** Takes a name, and opens its first session. */
const takeName = command('register', (state, { username, token_hash, password_hash, device, idle_before }): Opened => {
  const holder = state.users.find(username)
  if (holder && isGuest(holder) && idle_before !== undefined && holder.seenAt <= idle_before) removeGuest(state, holder)
  else state.users.checkFree(username)
  const user = state.users.add(username, password_hash, state.time, state.position)
  state.sessions.open(user, token_hash, state, device)
  return { username: user.name }
})

export const register = {
  commands: [takeName],
  /** @throws {ChatError} registration_closed, username_reserved, username_taken, server_full */
  async ask(core: Core, username: string, password?: string, device?: string): Promise<SessionResult> {
    const { state, access, guests, departures, append } = core
    access.register(password === undefined ? 'guests' : 'accounts')
    if (looksReserved(username)) throw reserved(username)
    const idleBefore = guests.idleBefore(username)
    if (idleBefore === undefined) state.users.checkFree(username)
    const passwordHash = password === undefined ? undefined : await hashPassword(password)
    const holder = state.users.find(username)
    if (holder && idleBefore !== undefined) await departures.prepare(holder, idleBefore)
    const token = newToken()
    const { username: name } = await append(takeName, {
      username,
      token_hash: hashToken(token),
      ...(passwordHash !== undefined && { password_hash: passwordHash }),
      ...(device !== undefined && { device }),
      ...(idleBefore !== undefined && { idle_before: idleBefore }),
    })
    return { status: 'success', message: `${name} is registered.`, username: name, token }
  },
}

const reserved = (username: string): ChatError =>
  new ChatError(
    'username_reserved',
    `"${username}" cannot be registered: "server" and names that begin with "room_", and what looks like them, belong to the server.`,
  )
