import type { SessionResult } from '../../schemas/users.js'
import type { CommandLog } from './command-log.js'
import type { Credentials } from './access.js'
import { ChatError } from './chat-error.js'
import type { ChatState } from './chat-state.js'
import type { Departures } from './departures.js'
import type { Guests } from './guests.js'
import { looksReserved } from './names.js'
import { hashPassword, hashToken, newToken, verifyPassword } from './secrets.js'
import { isGuest, type User } from './state/users.js'

/** How names are taken, and how sessions begin and end. */
export class Sessions {
  constructor(
    private readonly state: ChatState,
    private readonly log: CommandLog,
    private readonly guests: Guests,
    private readonly departures: Departures,
  ) {}

  /** @throws {ChatError} username_reserved, username_taken, server_full */
  async register(username: string, password?: string): Promise<SessionResult> {
    if (looksReserved(username))
      throw new ChatError(
        'username_reserved',
        `"${username}" cannot be registered: "server" and names that begin with "room_", and what looks like them, belong to the server.`,
      )
    const idleBefore = this.guests.idleBefore(username)
    if (idleBefore === undefined) this.state.users.checkFree(username)
    const passwordHash = password === undefined ? undefined : await hashPassword(password)
    const holder = this.state.users.find(username)
    if (holder && idleBefore !== undefined) await this.departures.prepare(holder, idleBefore)
    const token = newToken()
    const session = await this.log.append<'register'>({
      type: 'register',
      username,
      token_hash: hashToken(token),
      ...(passwordHash !== undefined && { password_hash: passwordHash }),
      ...(idleBefore !== undefined && { idle_before: idleBefore }),
    })
    return { status: 'success', message: `${session.username} is registered.`, username: session.username, token }
  }

  /** @throws {ChatError} bad_credentials */
  async login(username: string, password: string): Promise<SessionResult> {
    const account = this.state.users.find(username)
    const known = await verifyPassword(account?.passwordHash, password)
    if (!known || !account) throw new ChatError('bad_credentials')
    const token = newToken()
    const session = await this.log.append<'open_session'>({
      type: 'open_session',
      user: account.number,
      token_hash: hashToken(token),
    })
    return { status: 'success', message: `${session.username} is logged in.`, username: session.username, token }
  }

  async logout(user: User, credentials: Credentials): Promise<string> {
    await this.departures.prepare(user)
    if (isGuest(user)) await this.log.append<'remove_guest'>({ type: 'remove_guest', user: user.number })
    else
      await this.log.append<'close_session'>({
        type: 'close_session',
        user: user.number,
        token_hash: credentials.tokenHash ?? '',
      })
    return `${user.name} is logged out.`
  }
}
