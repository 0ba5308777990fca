import type { Lines } from '../base/lines.js'
import type { Access, Credentials } from './access.js'
import type { ChatData } from './chat-data.js'
import type { Append } from './command.js'
import type { History } from './messages/history.js'
import type { SendTurns } from './messages/send-turns.js'
import type { Archive, Live } from './ports.js'
import type { Session } from './tables/sessions.js'
import type { User } from './tables/users.js'
import type { Departures } from './users/departures.js'
import type { Guests } from './users/guests.js'

/** What acts work with. */
export interface Core {
  readonly state: ChatData
  /** @throws {ChatError} what apply threw, log_unavailable */
  readonly append: Append
  readonly access: Access
  readonly live: Live
  readonly archive: Archive | undefined
  readonly history: History
  readonly guests: Guests
  readonly departures: Departures
  readonly sendTurns: SendTurns
  /** Of each message, those who change it. */
  readonly changing: Lines<number>
  /** Gives the time, in ms since the epoch. */
  readonly now: () => number
  /** The user whom the caller speaks for, by its name or else by its token; it is noted as active. */
  readonly speaker: (name: string | undefined, credentials: Credentials) => User
  /** The session of the caller's token, which is noted as used. */
  readonly session: (credentials: Credentials) => Session
}
