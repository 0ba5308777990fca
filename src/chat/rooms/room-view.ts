import type { Room as RoomView } from '../../../schemas/events.js'
import type { Room } from '../tables/rooms.js'

/** A room as its members see it. */
export const viewOf = ({ id, name, topic, visibility, admin, members }: Room): RoomView => ({
  room_id: id,
  ...(name !== undefined && { name }),
  ...(topic !== undefined && { topic }),
  visibility,
  admin: admin?.user.name ?? '',
  member_count: members.size,
})
