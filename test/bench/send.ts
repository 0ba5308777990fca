import { compare, race, runner } from './race.js'
import { ask, messageText, post } from './requests.js'
import type { Scope } from './scope.js'
import { startBare, startChatRoom } from './servers.js'
import type { Row } from './table.js'

const goal = '>= 0.7'
const text = messageText(1)

/** A send through the whole stack, against a route that validates, answers and does nothing. */
export async function send(scope: Scope): Promise<Row[]> {
  const chat = await startChatRoom(scope)
  const bare = await startBare(scope)
  const { token, roomId } = await prepare(chat.port)
  const request = post('/send', { sender: 'alice', recipient: 'bob', message: text })
  const results = await race('send', [
    await runner(scope, 'bare', bare, request),
    await runner(scope, 'guest', chat, request),
    await runner(scope, 'account', chat, post('/send', { sender: 'dora', recipient: 'bob', message: text }, token)),
    await runner(scope, 'room', chat, post('/send', { sender: 'alice', recipient: roomId, message: text })),
  ])
  const row = (compared: string, name: string): Row => ({
    part: 'send',
    compared,
    goal,
    ...compare(results, name, 'bare'),
  })
  return [
    row('POST /send by a guest : bare Fastify route, same schemas', 'guest'),
    row('the same by an account with its token : the same', 'account'),
    row('the same to a room of 10 : the same', 'room'),
  ]
}

/** Guests, an account, and a room of ten. */
async function prepare(port: number): Promise<{ token: string; roomId: string }> {
  const others = Array.from({ length: 8 }, (_, index) => `guest_${index}`)
  for (const username of ['alice', 'bob', ...others]) await ask(port, '/register', { username })
  const { token } = await ask(port, '/register', { username: 'dora', password: 'correct horse battery' })
  const { room_id: roomId } = await ask(port, '/create_room', { admin: 'alice', participants: ['bob', ...others] })
  return { token: String(token), roomId: String(roomId) }
}
