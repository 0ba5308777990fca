import t, { type Test } from 'tap'
import { transports, type Transport } from './support/listener.js'
import { post } from './support/load.js'
import { startServer, type Server } from './support/server.js'

const unlimited = { CHATROOM_HANDSHAKE_RATE: '0' }

async function prepare(t: Test): Promise<Server> {
  const server = await startServer(t, unlimited)
  for (const username of ['alice', 'bob', 'carol']) await post(server, '/register', { username })
  return server
}

const send = (server: Server, sender: string, recipient: string, message: string, client_id?: string) =>
  post(server, '/send', { sender, recipient, message, ...(client_id !== undefined && { client_id }) })

for (const signal of ['SIGKILL', 'SIGTERM'] as const)
  void t.test(`after ${signal} and a start, who comes back has lost nothing, by whatever transport`, async (t) => {
    const server = await prepare(t)
    const before = transports.map((transport) => transport.open(t, server.url, { username: 'bob' }))
    for (const listener of before) await listener.next('hello')
    await send(server, 'alice', 'bob', 'heard')
    for (const listener of before) {
      t.same(await listener.texts(1), ['heard'])
      listener.close()
      await listener.ended()
    }
    await send(server, 'alice', 'bob', 'missed')
    await post(server, '/create_room', { admin: 'alice', participants: ['bob'] })
    await send(server, 'bob', 'room_1', 'mine', 'one')
    await send(server, 'alice', 'carol', 'not for bob')
    await server.stop(signal)
    const again = await server.restart()
    const after = before.map(({ cursor }, index) =>
      (transports[index] as Transport).open(t, again.url, { username: 'bob', lastEventId: cursor }),
    )
    await send(again, 'alice', 'bob', 'live')
    const notice = 'Room 1 has been created and you have been added as a participant.'
    for (const listener of after) {
      t.same(await listener.texts(4), ['missed', notice, 'mine', 'live'])
      const types = listener.seen.map(({ type }) => type).filter((type) => type !== 'hello' && type !== 'presence')
      t.same(types, ['message.created', 'room.created', 'message.created', 'message.created', 'message.created'])
      const mine = listener.seen.find((event) => event.type === 'message.created' && event.message.message === 'mine')
      t.match(mine, { message: { client_id: 'one' } }, 'its sender sees the client_id')
    }
  })

void t.test('a cursor goes on over two starts, and the same events have the same cursors', async (t) => {
  const [webSocket] = transports as [Transport]
  let server = await prepare(t)
  const first = webSocket.open(t, server.url, { username: 'bob' })
  const { event_id: cursor } = await first.next('hello')
  const sent: string[] = []
  const cursors: string[][] = []
  for (let round = 0; round < 2; round++) {
    for (let number = 0; number < 50; number++) {
      sent.push(`${round}.${number}`)
      await send(server, 'alice', 'bob', `${round}.${number}`)
    }
    await server.stop('SIGKILL')
    server = await server.restart()
    const again = webSocket.open(t, server.url, { username: 'bob', lastEventId: cursor })
    t.same(await again.texts(sent.length), sent)
    cursors.push(again.seen.flatMap((event) => (event.type === 'message.created' ? [event.event_id] : [])))
    again.close()
  }
  const [one = [], two = []] = cursors
  t.same(two.slice(0, one.length), one)
})
