import { setImmediate } from 'node:timers/promises'
import type { Append } from '../command.js'
import type { ChatData } from '../chat-data.js'
import { leave, leaveRooms } from '../rooms/leave-room.js'
import { isGuest, type User } from '../tables/users.js'

/**
 * Members of all rooms together that one command takes a guest out of, unless one room alone has more. Each of them may
 * listen, and is told; so it is what a command may hold the event loop for.
 */
const mostMembers = 5000

/** Takes a guest out of all rooms, ends its sessions, and frees its name. */
export function removeGuest(state: ChatData, guest: User): void {
  for (const member of guest.rooms.values()) leave(state, member)
  state.sessions.closeAll(guest)
  state.users.remove(guest)
}

/** How guests leave: those who are in many rooms are out of most of them before they go. */
export class Departures {
  constructor(private readonly append: Append) {}

  /**
   * Takes a guest out of so many rooms that the rest may be left in one go.
   * @param idleBefore Only if it has not been seen since this time, in ms.
   */
  async prepare(user: User, idleBefore?: number): Promise<void> {
    if (!isGuest(user)) return
    for (let count; (count = roomsAtOnce(user)) < user.rooms.size;) {
      if (idleBefore !== undefined && user.seenAt > idleBefore) return
      await this.append(leaveRooms, {
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
    for (const room of guest.rooms.keys()) members += room.members.size
    if (count === most || (count > 0 && members > mostMembers)) break
    count++
  }
  return count
}

/** How many of its rooms a user leaves at once. */
function roomsAtOnce({ rooms }: User): number {
  let [count, members] = [0, 0]
  for (const room of rooms.keys()) {
    members += room.members.size
    if (count > 0 && members > mostMembers) break
    count++
  }
  return count
}
