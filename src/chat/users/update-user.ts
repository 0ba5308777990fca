import type { UpdateUserRequest, User } from '../../../schemas/update-user.js'
import { byUser, type Credentials } from '../access.js'
import { ChatError } from '../chat-error.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import { hashPassword, verifyPassword } from '../secrets.js'
import { isGuest } from '../tables/users.js'

const setPassword = command('set_password', (state, { user: number, password_hash, token_hash }): void => {
  const user = state.users.get(number)
  state.users.setPassword(user, password_hash)
  state.sessions.closeAll(user, token_hash)
  // Whoever listens by the name alone looks whether it may go on.
  state.sessions.renew(token_hash)
})

export const updateUser = {
  commands: [setPassword],
  /**
   * Sets the password of the caller; a guest becomes an account.
   * @throws {ChatError} not_your_name, bad_credentials, registration_closed
   */
  async ask(
    { state, access, session, append }: Core,
    username: string,
    { password, current_password: known = '' }: UpdateUserRequest,
    credentials: Credentials,
  ): Promise<User> {
    const current = session(credentials)
    const user = access.speaker(username, current)
    if (isGuest(user)) access.register('accounts')
    else if (!(await verifyPassword(user.passwordHash, known)))
      throw new ChatError('bad_credentials', 'The `current_password` is not that of the account.')
    const passwordHash = await hashPassword(password)
    await append(setPassword, {
      user: user.number,
      password_hash: passwordHash,
      token_hash: current.tokenHash,
      by: byUser(user, credentials),
    })
    return { username: user.name, is_guest: isGuest(state.users.get(user.number)) }
  },
}
