import t from 'tap'
import { transportNames } from '../src/client/transports/transport.js'
import { Sender } from './client/sender.js'
import { Witness } from './client/witness.js'
import { clientAt, registered } from './support/chat-client.js'
import { freePort } from './support/free-port.js'
import { chosenSeed, randomOf, rounds } from './support/random.js'
import { readAll } from './support/remote.js'
import { startServer } from './support/server.js'
import { fateOf, TcpProxy } from './support/tcp-proxy.js'

t.setTimeout(500_000)

const count = rounds(3000, 10_000)
/** After so many messages the server is ended in this way, and another one started in its place. */
const ends: readonly [number, NodeJS.Signals][] = [
  [count * 0.3, 'SIGKILL'],
  [count * 0.65, 'SIGTERM'],
]
const texts = Array.from({ length: count }, (_, at) => `${at}`)

/** Nothing but the network and the server's ends is in the way. */
const unlimited = {
  CHATROOM_HEARTBEAT: '1',
  CHATROOM_FRAME_RATE: '0',
  CHATROOM_HANDSHAKE_RATE: '0',
  CHATROOM_ADDRESS_CONNECTIONS: '100000',
  CHATROOM_USER_CONNECTIONS: '100000',
  CHATROOM_LOG_LEVEL: 'info',
}

void t.test('thousands of messages, each once and in order, over a bad network and servers that end', async (t) => {
  const seed = chosenSeed()
  t.comment(`SEED=${seed}`)
  let server = await startServer(t, { ...unlimited, PORT: await freePort() })
  const proxy = await TcpProxy.start(t, server.url)
  const options = { timing: { patience: 1500, improve: 1000 } }
  const alice = await registered(proxy.url, 'alice', options)
  await registered(proxy.url, 'bob')
  const { room_id: room } = await alice.createRoom({ participants: ['bob'] })
  const random = randomOf(seed)
  proxy.fate = () => fateOf(random)

  const witnesses = [...transportNames.map((name) => [name]), undefined].map((transports) => ({
    name: `bob by ${transports?.[0] ?? 'any transport'}`,
    witness: new Witness(t, clientAt(proxy.url, { ...options, username: 'bob', transports })),
  }))
  witnesses.push({ name: 'alice, who sends', witness: new Witness(t, alice) })
  const listening = witnesses.map(({ witness }) => witness.listen(count))
  await Promise.all(witnesses.map(({ witness }) => witness.begun))

  const sender = new Sender(alice, room)
  const sending = sender.send(texts)
  for (const [after, signal] of ends) {
    await sender.reaches(after)
    await server.stop(signal)
    server = await server.restart()
  }
  await sending
  const ids = sender.sent.map(({ message_id }) => message_id)
  t.same(
    ids,
    texts.map((text) => Number(text) + 2),
    'each is accepted once, in the order in which it was sent',
  )
  const kept = (await readAll(server.url, 'bob')).flatMap(({ sender, message }) => (sender === 'alice' ? message : []))
  t.same(kept, texts, 'the server has each once, in order')
  await Promise.all(listening)
  for (const { name, witness } of witnesses) {
    t.same(witness.texts, texts, `${name} has been told each once, in order`)
    t.comment(`${name}: ${witness.connections} connections`)
  }
})
