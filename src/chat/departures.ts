import { setImmediate } from 'node:timers/promises'
import type { CommandLog } from './command-log.js'
import { isGuest, type User } from './state/users.js'

/**
 * Members of all rooms together that one command takes a guest out of, unless one room alone has more. Each of them may
 * listen, and is told; so it is what a command may hold the event loop for.
 */
const mostMembers = 5000

/** How guests leave: those who are in many rooms are out of most of them before they go. */
export class Departures {
  constructor(private readonly log: CommandLog) {}

  /**
   * Takes a guest out of so many rooms that the rest may be left in one go.
   * @param idleBefore Only if it has not been seen since this time, in ms.
   */
  async prepare(user: User, idleBefore?: number): Promise<void> {
    if (!isGuest(user)) return
    for (let count; (count = roomsAtOnce(user)) < user.rooms.size;) {
      if (idleBefore !== undefined && user.seenAt > idleBefore) return
      await this.log.append<'leave_rooms'>({
        type: 'leave_rooms',
        user: user.number,
        at_most: count,
        ...(idleBefore !== undefined && { idle_before: idleBefore }),
      })
      // Others have their turn between two of them.
      await setImmediate()
    }
  }
}

/** How many of these guests go at once, the first of them in any case. */
export function guestsAtOnce(guests: Iterable<User>, most: number): number {
  let [count, members] = [0, 0]
  for (const guest of guests) {
    for (const room of guest.rooms) members += room.members.size
    if (count === most || (count > 0 && members > mostMembers)) break
    count++
  }
  return count
}

/** How many of its rooms a user leaves at once. */
function roomsAtOnce({ rooms }: User): number {
  let [count, members] = [0, 0]
  for (const room of rooms) {
    members += room.members.size
    if (count > 0 && members > mostMembers) break
    count++
  }
  return count
}
