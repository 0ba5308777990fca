import type { Lines } from '../base/lines.js'
import type { Access, Credentials } from './access.js'
import type { ChatData } from './chat-data.js'
import type { Append } from './command.js'
import type { History } from './messages/history.js'
import type { SendTurns } from './messages/send-turns.js'
import type { Archive, Live } from './ports.js'
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
  /** The user as whom the caller may act, who is noted as active. */
  readonly actAs: (name: string, credentials: Credentials) => User
  /** The same of a caller who need not say its name. */
  readonly speaker: (name: string | undefined, credentials: Credentials) => User
}
