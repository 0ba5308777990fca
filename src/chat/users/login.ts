import type { SessionResult } from '../../../schemas/users.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import { ChatError } from '../chat-error.js'
import { hashToken, newToken, verifyPassword } from '../secrets.js'
import type { Opened } from './register.js'

/** Opens a session of an account. */
const openSession = command('open_session', (state, { user, token_hash, device }): Opened => {
  const account = state.users.get(user)
  state.sessions.open(account, token_hash, state, device)
  state.users.touch(account, state.time, state.position)
  return { username: account.name }
})

export const login = {
  commands: [openSession],
  /** @throws {ChatError} bad_credentials */
  async ask({ state, append }: Core, username: string, password: string, device?: string): Promise<SessionResult> {
    const account = state.users.find(username)
    const known = await verifyPassword(account?.passwordHash, password)
    if (!known || !account) throw new ChatError('bad_credentials')
    const token = newToken()
    const { username: name } = await append(openSession, {
      user: account.number,
      token_hash: hashToken(token),
      ...(device !== undefined && { device }),
    })
    return { status: 'success', message: `${name} is logged in.`, username: name, token }
  },
}
