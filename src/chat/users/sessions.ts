import type { EndSessionsQuery, Session as SessionView } from '../../../schemas/sessions.js'
import type { Credentials } from '../access.js'
import { ChatError } from '../chat-error.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import { isoTime } from '../messages/message-json.js'
import { sessionIdOf, type Session } from '../tables/sessions.js'

export const closeSession = command('close_session', (state, { user, token_hash }) =>
  state.sessions.close(state.users.get(user), token_hash),
)

/** Ends all sessions of a user, but one where that is said. It comes to how many have ended. */
const closeSessions = command('end_sessions', (state, { user, but }): number =>
  state.sessions.closeAll(state.users.get(user), but),
)

export const listSessions = {
  /** The sessions of the caller. */
  ask({ state, session }: Core, credentials: Credentials): SessionView[] {
    const current = session(credentials)
    return state.sessions.of(current.user).map((one) => viewOf(one, one === current))
  },
}

export const endSession = {
  /** Ends one of the caller's sessions. @throws {ChatError} session_not_found */
  async ask({ state, session, append }: Core, id: string, credentials: Credentials): Promise<number> {
    const { user } = session(credentials)
    const ending = state.sessions.of(user).find((one) => sessionIdOf(one) === id)
    if (!ending) throw new ChatError('session_not_found')
    await append(closeSession, { user: user.number, token_hash: ending.tokenHash })
    return 1
  },
}

export const endSessions = {
  commands: [closeSession, closeSessions],
  /** Ends the caller's sessions, all or all others. @returns how many */
  ask({ session, append }: Core, { which = 'all' }: EndSessionsQuery, credentials: Credentials): Promise<number> {
    const { user, tokenHash } = session(credentials)
    return append(closeSessions, { user: user.number, ...(which === 'others' && { but: tokenHash }) })
  },
}

const viewOf = (session: Session, isCurrent: boolean): SessionView => ({
  session_id: sessionIdOf(session),
  ...(session.device !== undefined && { device: session.device }),
  ...(session.openedAt !== undefined && { opened_at: isoTime(session.openedAt) }),
  ...(session.usedAt !== undefined && { used_at: isoTime(session.usedAt) }),
  is_current: isCurrent,
})
