import type { ChatData } from '../chat-data.js'
import { meansRoom } from '../names.js'
import type { Room } from '../tables/rooms.js'
import type { User } from '../tables/users.js'

/** The user or the room that a request calls so. @throws {ChatError} user_not_found, room_not_found */
export const conversationNamed = ({ users, rooms }: ChatData, recipient: string): User | Room =>
  meansRoom(recipient) ? rooms.named(recipient) : users.named(recipient)
