import type { Credentials } from '../access.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import type { ChatData } from '../chat-data.js'
import { postNotice } from '../messages/deliver.js'
import { targetOf, type Member } from '../tables/rooms.js'
import { memberOf } from '../who-may.js'
import { viewOf } from './room-view.js'

const leaveOne = command('leave_room', (state, { user, room }) => {
  const leaver = state.users.get(user)
  const member = memberOf(state.rooms.get(room), leaver)
  state.users.touch(leaver, state.time, state.position)
  leave(state, member)
})

/** Takes a user out of some rooms, before it goes. */
export const leaveRooms = command('leave_rooms', (state, { user, at_most, idle_before = Infinity }) => {
  const leaver = state.users.get(user)
  if (leaver.seenAt > idle_before) return
  for (const member of Array.from(leaver.rooms.values()).slice(0, at_most)) leave(state, member)
})

export const leaveRoom = {
  commands: [leaveOne],
  /** @returns a sentence. @throws {ChatError} room_not_found, not_a_member */
  async ask(
    { state, append, speaker }: Core,
    username: string | undefined,
    roomId: string,
    credentials: Credentials,
  ): Promise<string> {
    const user = speaker(username, credentials)
    const room = state.rooms.named(roomId)
    memberOf(room, user)
    await append(leaveOne, { user: user.number, room: room.number })
    return `${user.name} has left ${room.id}.`
  },
}

/** Takes a member out of a room; those who stay read a notice. */
export function leave(state: ChatData, member: Member): void {
  const { room, user } = member
  const hasNewAdmin = state.members.leave(member)
  state.tell({ type: 'member.left', audience: [room, user], body: { room_id: room.id, username: user.name } })
  if (hasNewAdmin) state.tell({ type: 'room.updated', audience: [room], body: { room: viewOf(room) } })
  if (room.members.size > 0) postNotice(state, room, `${user.name} has left room ${room.number}.`)
  // Nobody can read them any more.
  else state.noteExpired({ upTo: room.messages.newest, targets: [targetOf(room)] })
}
