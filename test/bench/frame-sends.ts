import { chatRoomSend, chatRoomSocket } from './dialects.js'
import { listenAll } from './listener.js'
import { Load } from './load.js'
import { names, register } from './populate.js'
import { compare, race } from './race.js'
import { messageText, post } from './requests.js'
import type { Scope } from './scope.js'
import { startChatRoom } from './servers.js'
import type { Row } from './table.js'

const connections = 32
const text = messageText(1)
const recipient = 'bob'

/** Messages that come in by WebSocket, against those by HTTP, to somebody who is not there. */
export async function frameSends(scope: Scope): Promise<Row[]> {
  // Each in a server of its own, or the senders would hear on their WebSockets what they send by HTTP.
  const [framed, posted] = [await startChatRoom(scope), await startChatRoom(scope)]
  const usernames = names('guest', connections)
  for (const { port } of [framed, posted]) await register(scope, port, [...usernames, recipient])
  const sockets = await listenAll(scope, framed.port, usernames, chatRoomSocket)
  const request = (index: number) => post('/send', { sender: usernames[index], recipient, message: text })
  const results = await race('frames', [
    { name: 'frames', pids: [framed.pid], load: new Load(sockets, chatRoomSend(recipient, text)) },
    { name: 'posts', pids: [posted.pid], load: await Load.open(scope, posted.port, request, connections) },
  ])
  const compared = `send frames of ${connections} WebSockets, which hear what they send : POST /send of as many connections`
  return [{ part: 'frames', compared, goal: '', ...compare(results, 'frames', 'posts') }]
}
