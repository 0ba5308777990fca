import type { CommandOf } from '../../../schemas/commands.js'
import type { ChatState } from '../chat-state.js'
import { checkMember, type Room } from '../state/rooms.js'
import type { User } from '../state/users.js'
import { bytesOfRoom, storeBytes } from '../state/stored-bytes.js'
import { notice } from './messages.js'
import type { Outcomes } from './outcomes.js'
import { touch } from './presence.js'

export function createRoom(state: ChatState, command: CommandOf<'create_room'>): Outcomes['create_room'] {
  const admin = state.users.get(command.admin)
  const members = new Set([admin, ...command.participants.map((number) => state.users.get(number))])
  state.rooms.checkNew(admin, members)
  const isCounted = storeBytes(state.bounds, admin, bytesOfRoom(members.size), state.time)
  const { name, topic, visibility, retention } = command
  const room = state.rooms.add({ admin, name, topic, visibility, retention }, members)
  touch(state, admin, isCounted)
  for (const user of members) state.emit({ type: 'member.joined', user, room })
  state.emit({ type: 'room.created', room })
  notice(state, room, `Room ${room.number} has been created and you have been added as a participant.`)
  return { roomNumber: room.number, roomId: room.id }
}

export function leaveRoom(state: ChatState, { user, room }: CommandOf<'leave_room'>): undefined {
  const leaver = state.users.get(user)
  const left = state.rooms.get(room)
  checkMember(left, leaver)
  touch(state, leaver)
  leave(state, left, leaver)
}

export function leaveRooms(state: ChatState, command: CommandOf<'leave_rooms'>): undefined {
  const leaver = state.users.get(command.user)
  const { at_most: atMost, idle_before: idleBefore = Infinity } = command
  if (leaver.seenAt > idleBefore) return
  for (const room of Array.from(leaver.rooms).slice(0, atMost)) leave(state, room, leaver)
}

/** Takes a member out of a room; those who stay read a notice. */
export function leave(state: ChatState, room: Room, user: User): void {
  const { admin } = room
  state.rooms.leave(room, user)
  state.emit({ type: 'member.left', user, room })
  if (room.members.size === 0) state.emit({ type: 'room.removed', room })
  else state.emit({ type: room.admin === admin ? 'room.changed' : 'room.updated', room })
  if (room.members.size > 0) notice(state, room, `${user.name} has left room ${room.number}.`)
}
