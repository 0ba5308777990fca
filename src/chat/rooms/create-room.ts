import type { CreateRoomRequest } from '../../../schemas/rooms.js'
import type { Credentials } from '../access.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import { postNotice } from '../messages/deliver.js'
import { bytesOfRoom, checkStored, storeBytes } from '../tables/stored-bytes.js'
import { viewOf } from './room-view.js'

export interface CreatedRoom {
  readonly roomNumber: number
  readonly roomId: string
}

const makeRoom = command('create_room', (state, { admin: number, participants, ...about }): CreatedRoom => {
  const admin = state.users.get(number)
  const users = new Set([admin, ...participants.map((participant) => state.users.get(participant))])
  state.members.checkNew(admin, users)
  const isCounted = storeBytes(state.bounds, admin, bytesOfRoom(users.size), state.time)
  const { name, topic, visibility, retention } = about
  // As the entries of a log were decided whose bounds know no makers.
  const maker = state.bounds.rooms_of_others === undefined ? undefined : admin.number
  const room = state.rooms.add({ name, topic, visibility, retention, maker })
  for (const user of users) state.members.join(room, user, user === admin ? 'admin' : 'member', state.time)
  if (!state.users.touch(admin, state.time, state.position) && isCounted) state.users.change(admin)
  state.tell({ type: 'room.created', audience: [room], body: { room: viewOf(room) } })
  postNotice(state, room, `Room ${room.number} has been created and you have been added as a participant.`)
  return { roomNumber: room.number, roomId: room.id }
})

export const createRoom = {
  commands: [makeRoom],
  /** @throws {ChatError} user_not_found, room_full, too_many_rooms, too_many_participants, server_full */
  async ask(
    { state, append, speaker, now }: Core,
    { admin, participants, name, topic, visibility = 'private', retention }: CreateRoomRequest,
    credentials: Credentials,
  ): Promise<CreatedRoom> {
    const creator = speaker(admin, credentials)
    const members = participants.map((participant) => state.users.named(participant))
    const all = new Set([creator, ...members])
    state.members.checkNew(creator, all)
    checkStored(state.bounds, creator, bytesOfRoom(all.size), Math.max(now(), state.time))
    return append(makeRoom, {
      admin: creator.number,
      participants: members.map((member) => member.number),
      visibility,
      ...(name !== undefined && { name }),
      ...(topic !== undefined && { topic }),
      ...(retention !== undefined && { retention }),
    })
  },
}
