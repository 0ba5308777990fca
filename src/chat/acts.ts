import type { AnyCommandKind } from './command.js'
import { listen, listener } from './live/listen.js'
import { type } from './live/type.js'
import { deleteMessage } from './messages/delete-message.js'
import { editMessage } from './messages/edit-message.js'
import { poll } from './messages/poll.js'
import { conversationMessages } from './messages/read-conversation.js'
import { expireMessages } from './messages/retention.js'
import { send } from './messages/send.js'
import { createRoom } from './rooms/create-room.js'
import { leaveRoom, leaveRooms } from './rooms/leave-room.js'
import { announce, announcement } from './server/announce.js'
import { judgeClock } from './server/clock.js'
import { configure } from './server/configure.js'
import { skipIds } from './server/skip-ids.js'
import { expireGuests, touch } from './users/guests.js'
import { login } from './users/login.js'
import { logout } from './users/logout.js'
import { online } from './users/online.js'
import { register } from './users/register.js'
import { expireSessions, useSession } from './users/session-use.js'
import { endSession, endSessions, listSessions } from './users/sessions.js'
import { createTicket, useTicket } from './users/tickets.js'
import { updateUser } from './users/update-user.js'

/**
 * What may be asked of the chat, each in a file of its own: the methods of ChatService, and the commands by which those are
 * logged that change something.
 */
export const acts = {
  register,
  login,
  logout,
  listSessions,
  endSession,
  endSessions,
  updateUser,
  createTicket,
  useTicket,
  online,
  listener,
  listen,
  type,
  send,
  poll,
  editMessage,
  deleteMessage,
  conversationMessages,
  createRoom,
  leaveRoom,
  announcement,
  announce,
}

/** What the server does by itself. */
const ownCommands = [
  configure,
  touch,
  expireGuests,
  leaveRooms,
  expireMessages,
  judgeClock,
  skipIds,
  useSession,
  expireSessions,
]

const kinds: readonly AnyCommandKind[] = [
  ...Object.values(acts).flatMap((act): readonly AnyCommandKind[] => ('commands' in act ? act.commands : [])),
  ...ownCommands,
]

/** All commands that this version knows, by type. */
export const commands: ReadonlyMap<string, AnyCommandKind> = new Map(kinds.map((kind) => [kind.type, kind]))
