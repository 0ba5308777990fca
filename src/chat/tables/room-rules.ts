import type { MemberRow, RoomRow, ServerRecord } from '../../../schemas/rows.js'
import type { RowRules } from './table.js'

/** Rooms have numbers that have been given. */
export const roomRules = ({ newest_room, newest_user, newest_message }: ServerRecord): RowRules<RoomRow> => ({
  problems: ({ number, maker = 0, newest, expired }) =>
    [
      expired > newest_message && `${expired} has expired, but the newest message is ${newest_message}`,
      number > newest_room && `its number is greater than ${newest_room}, the newest that the server knows`,
      maker > newest_user && `its maker is ${maker}, but the newest user that the server knows ${newest_user}`,
      newest > newest_message && `its newest message is ${newest}, but that of the server ${newest_message}`,
    ].filter((problem) => typeof problem === 'string'),
})

/** Each room has one admin. */
export function memberRules(): RowRules<MemberRow> {
  const admins = new Map<number, number>()
  return {
    problems({ room, role }) {
      const count = (admins.get(room) ?? 0) + (role === 'admin' ? 1 : 0)
      admins.set(room, count)
      return count > 1 ? [`room ${room} has more than one admin`] : []
    },
    atEnd: () => Array.from(admins).flatMap(([room, count]) => (count === 0 ? [`room ${room} has no admin`] : [])),
  }
}
