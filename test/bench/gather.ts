import { Audience } from './audience.js'
import { chatRoomSend, chatRoomSocket, socketIo, socketIoSend, type Dialect } from './dialects.js'
import { makeRoom, names } from './populate.js'
import { messageText } from './requests.js'
import type { Scope } from './scope.js'
import { startChatRoom, startSocketIo, startWs, type Server } from './servers.js'

const text = messageText(1)
/** The one that there is where rooms are not made. */
const room = 'room_1'

/** A new server of ours, with so many in a room; those who do not speak listen as they are told to. */
export const gatherChatRoom = async (scope: Scope, size: number, listening?: Dialect): Promise<Audience> =>
  gatherIn(scope, await startChatRoom(scope), size, listening)

/** The same on a server that is there. */
export async function gatherIn(scope: Scope, server: Server, size: number, listening?: Dialect): Promise<Audience> {
  const usernames = names('guest', size)
  const frame = chatRoomSend(await makeRoom(scope, server.port, usernames), text)
  return Audience.gather(scope, { server, usernames, frame, speaking: chatRoomSocket, listening })
}

/** As many on a bare server of ws. */
export async function gatherWs(scope: Scope, size: number): Promise<Audience> {
  const gathering = { usernames: names('guest', size), frame: chatRoomSend(room, text), speaking: chatRoomSocket }
  return Audience.gather(scope, { server: await startWs(scope), ...gathering })
}

/** As many in a room of Socket.IO. */
export async function gatherSocketIo(scope: Scope, size: number): Promise<Audience> {
  const gathering = { usernames: names('guest', size), frame: socketIoSend(room, text), speaking: socketIo(room) }
  return Audience.gather(scope, { server: await startSocketIo(scope), ...gathering })
}
