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
  gatherIn(scope, [await startChatRoom(scope)], size, listening)

/** The same on servers that are there, and share one chat: each has its share of them. */
export async function gatherIn(
  scope: Scope,
  servers: readonly [Server, ...Server[]],
  size: number,
  listening?: Dialect,
): Promise<Audience> {
  const usernames = names('guest', size)
  const frame = chatRoomSend(await makeRoom(scope, servers[0].port, usernames), text)
  return Audience.gather(scope, { servers, usernames, frame, speaking: chatRoomSocket, listening })
}

/** As many on a bare server of ws. */
export async function gatherWs(scope: Scope, size: number): Promise<Audience> {
  return gatherAs(scope, await startWs(scope), size, chatRoomSocket, chatRoomSend(room, text))
}

/** As many in a room of Socket.IO. */
export async function gatherSocketIo(scope: Scope, size: number): Promise<Audience> {
  return gatherAs(scope, await startSocketIo(scope), size, socketIo(room), socketIoSend(room, text))
}

/** As many on another server, who all speak and listen in the same way. */
export const gatherAs = (scope: Scope, server: Server, size: number, speaking: Dialect, frame: Buffer) =>
  Audience.gather(scope, { servers: [server], usernames: names('guest', size), speaking, frame })
