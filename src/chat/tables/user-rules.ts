import { nameProblem } from '../../../schemas/formats.js'
import { fixed } from '../../../schemas/limits.js'
import type { ServerRecord, SessionRow, UserRow } from '../../../schemas/rows.js'
import { isReserved, nameKey } from '../names.js'
import { dayOf } from './stored-bytes.js'
import type { RowRules } from './table.js'

const tokenHash = /^[A-Za-z0-9_-]{43}$/

/** Users have numbers that have been given, and names that can be registered, each once. */
export function userRules({ newest_user, newest_message, position, time }: ServerRecord): RowRules<UserRow> {
  const numbers = new Map<string, number>()
  return {
    problems({ number, name, seen_in, seen_at, newest, stored }) {
      const key = nameKey(name)
      const other = numbers.get(key)
      numbers.set(key, number)
      return [
        number > newest_user && `its number is greater than ${newest_user}, the newest that the server knows`,
        nameFault(name),
        other !== undefined && `its name "${name}" is that of user ${other}, too`,
        seen_in > position && `it was seen in entry ${seen_in}, but the server has come to ${position}`,
        seen_at > time && `it was seen at ${seen_at}, but the server has come to ${time}`,
        newest > newest_message && `its newest message is ${newest}, but that of the server ${newest_message}`,
        stored &&
          stored.day > dayOf(time) &&
          `it has stored on day ${stored.day}, but the server has come to ${dayOf(time)}`,
      ].filter((problem) => typeof problem === 'string')
    },
  }
}

function nameFault(name: string): string | undefined {
  if (name === '' || Array.from(name).length > fixed.usernameLength) return 'its name is too short or too long'
  const wrong = nameProblem(name)
  if (wrong !== undefined) return `its name ${wrong}`
  return isReserved(name) ? `its name "${name}" belongs to the server` : undefined
}

/** @param halfOf By what sessions are known in memory. */
export function sessionRules(
  halfOf: (tokenHash: string) => string,
  { position, time }: ServerRecord,
): RowRules<SessionRow> {
  const halves = new Set<string>()
  const tickets = new Set<string>()
  return {
    problems({ token_hash, used_at = 0, used_in = 0, tickets: own = [] }) {
      if (!tokenHash.test(token_hash)) return ['it is no hash of a token']
      const isAnothers = halves.has(halfOf(token_hash))
      halves.add(halfOf(token_hash))
      const isKnown = own.some(({ hash }) => tickets.has(hash))
      for (const { hash } of own) tickets.add(hash)
      return [
        isAnothers && 'its token begins as that of another',
        isKnown && 'it has the ticket of another',
        used_in > position && `it was used in entry ${used_in}, but the server has come to ${position}`,
        used_at > time && `it was used at ${used_at}, but the server has come to ${time}`,
      ].filter((problem) => typeof problem === 'string')
    },
  }
}
