import type { Credentials } from '../access.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import { isGuest } from '../tables/users.js'
import { removeGuest } from './departures.js'
import { closeSession } from './sessions.js'

const endGuest = command('remove_guest', (state, { user }) => removeGuest(state, state.users.get(user)))

export const logout = {
  commands: [endGuest],
  /** Ends the session of an account; a guest is gone. @returns a sentence */
  async ask(
    { access, departures, append }: Core,
    username: string | undefined,
    credentials: Credentials,
  ): Promise<string> {
    const user = access.speaker(username, access.sessionOf(credentials))
    await departures.prepare(user)
    if (isGuest(user)) await append(endGuest, { user: user.number })
    else await append(closeSession, { user: user.number, token_hash: credentials.tokenHash ?? '' })
    return `${user.name} is logged out.`
  },
}
