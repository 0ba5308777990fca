import type { Credentials } from '../access.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import { isGuest } from '../tables/users.js'
import { removeGuest } from './departures.js'

const endGuest = command('remove_guest', (state, { user }) => removeGuest(state, state.users.get(user)))

const closeSession = command('close_session', (state, { user, token_hash }) =>
  state.sessions.close(state.users.get(user), token_hash),
)

export const logout = {
  commands: [endGuest, closeSession],
  /** Ends the session of an account; a guest is gone. @returns a sentence */
  async ask({ access, departures, append }: Core, username: string, credentials: Credentials): Promise<string> {
    const user = access.actAs(username, credentials)
    await departures.prepare(user)
    if (isGuest(user)) await append(endGuest, { user: user.number })
    else await append(closeSession, { user: user.number, token_hash: credentials.tokenHash ?? '' })
    return `${user.name} is logged out.`
  },
}
