import type { Bounds } from '../../../schemas/commands.js'
import { ChatError } from '../chat-error.js'
import { isGuest, type User } from './users.js'

/**
 * Holds a new room to the bounds. Whoever makes it pays for it: a room counts for its maker, and so do those whom the maker
 * puts there. To them it is one of the rooms of others, so that nobody can keep them from making their own.
 * @throws {ChatError} room_full, too_many_participants, too_many_rooms, server_full
 */
export function checkNewRoom(bounds: Bounds, memberships: number, maker: User, members: ReadonlySet<User>): void {
  const { room_members: perRoom } = bounds
  if (members.size > perRoom)
    throw new ChatError('room_full', `A room has ${perRoom} members at most; this one would have ${members.size}.`)
  checkParticipants(bounds, maker, members.size - 1)
  if (memberships + members.size > bounds.memberships)
    throw new ChatError('server_full', 'All rooms together have as many members as the server allows.')
  for (const member of members) checkRooms(bounds, maker, member)
}

/** @param count How many others the room would have. */
function checkParticipants(bounds: Bounds, maker: User, count: number): void {
  const most = isGuest(maker) ? bounds.participants_per_guest : bounds.participants_per_user
  if (most === undefined || maker.participants + count <= most) return
  throw new ChatError(
    'too_many_participants',
    `The rooms that ${maker.name} made may have ${most} others as members${isGuest(maker) ? ', since it is a guest' : ''}; with this one they would have ${maker.participants + count}.`,
  )
}

function checkRooms({ rooms_per_user: own, rooms_of_others: ofOthers }: Bounds, maker: User, member: User): void {
  const { name, made, rooms } = member
  // As the entries of a log were decided whose bounds know no makers.
  if (ofOthers === undefined) {
    if (rooms.size >= own) throw new ChatError('too_many_rooms', `${name} is in ${own} rooms already.`)
  } else if (member === maker) {
    if (made >= own) throw new ChatError('too_many_rooms', `${name} is in ${own} rooms of its own already.`)
  } else if (rooms.size - made >= ofOthers)
    throw new ChatError('too_many_rooms', `${name} is in ${ofOthers} rooms of others already.`)
}
