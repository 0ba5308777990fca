import t, { type Test } from 'tap'
import { ChatClient, type ChatClientOptions } from '../src/client/index.js'
import { transportNames } from '../src/client/transports/transport.js'
import { Sender } from './client/sender.js'
import { Witness } from './client/witness.js'
import { clientAt, Following, reaches } from './support/chat-client.js'
import { freePort } from './support/free-port.js'
import { Gateway } from './support/gateway.js'
import { startLiveChat } from './support/live-chat.js'
import { startNodes, type Node } from './support/nodes.js'

/** A client of several servers that begins at the first one, where chance decides otherwise. */
function clientOf(urls: readonly string[], options: ChatClientOptions = {}): ChatClient {
  const { random } = Math
  Math.random = () => 0
  try {
    return clientAt('', { baseUrl: urls, ...options })
  } finally {
    Math.random = random
  }
}

/** Two servers on one log, each behind a gateway, with bob. */
async function start(t: Test) {
  const [one, other] = (await startNodes(t, 2)) as [Node, Node]
  const gateways = { one: await Gateway.start(t, one.url), other: await Gateway.start(t, other.url) }
  await one.chat.register('bob')
  await other.chat.get('/ready', { after_event_id: one.chat.app.chat.cursor })
  return { one, other, gateways, urls: [gateways.one.url, gateways.other.url] }
}

/** Where nobody listens. */
const nowhere = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`

const unavailable = {
  status: 503,
  headers: { 'retry-after': '1', 'content-type': 'application/json' },
  body: '{"status":"fail","code":"log_unavailable","message":"Not now."}',
}

void t.test('a server that is closed is not missed: each message once and in order, without a gap', async (t) => {
  const { one, other, urls } = await start(t)
  const count = 300
  const texts = Array.from({ length: count }, (_, at) => `${at}`)
  const alice = clientOf(urls)
  await alice.register({ username: 'alice' })
  const witnesses = [
    ...transportNames.map((name) => new Witness(t, clientOf(urls, { username: 'bob', transports: [name] }))),
    new Witness(t, clientOf(urls, { username: 'bob' })),
  ]
  const listening = witnesses.map((witness) => witness.listen(count))
  await Promise.all(witnesses.map(({ begun }) => begun))
  await new Following(t, alice).next('hello')
  const sender = new Sender(alice, 'bob')
  const sending = sender.send(texts)
  await sender.reaches(100)
  await one.chat.app.close()
  await sending
  const ids = sender.sent.map(({ message_id }) => message_id)
  t.same(
    ids,
    texts.map((text) => Number(text) + 1),
    'each is accepted once, in order',
  )
  await Promise.all(listening)
  for (const witness of witnesses) t.same(witness.texts, texts)
  t.same(await other.chat.texts('bob'), texts)
  await reaches(alice, 'connected')
})

void t.test('a server that is not there is passed over, also by what is not to happen twice', async (t) => {
  const { one, gateways } = await start(t)
  const alice = clientOf([await nowhere(), await nowhere(), gateways.one.url])
  await alice.register({ username: 'alice' })
  t.same((await alice.listOnlineUsers()).online_users, ['alice', 'bob'])
  await alice.createRoom({ participants: ['bob'] })
  t.match(await new Following(t, alice).next('hello'), { username: 'alice' })
  t.same(
    gateways.one.seen.filter((path) => path === 'GET /ready'),
    ['GET /ready'],
    'it is asked whether it serves once',
  )
  t.match((await one.chat.poll('alice')).messages, [{ id: 1 }])
})

void t.test('where none is there, each is asked once, and the failure is told', async (t) => {
  const gateway = await Gateway.start(t, await nowhere())
  gateway.answers = () => unavailable
  const alice = clientOf([gateway.url, await nowhere(), gateway.url], { username: 'alice' })
  await t.rejects(alice.listOnlineUsers(), { code: 'log_unavailable', retryAfter: 1 })
  t.equal(gateway.seen.length, 2)
  await t.rejects(alice.createRoom({ participants: [] }), { code: 'log_unavailable' })
  t.same(gateway.seen.slice(2), ['GET /ready', 'GET /ready'])
  const events = alice.connect()
  const first = events.next()
  await reaches(alice, 'waiting')
  t.ok(gateway.seen.length <= 4 + 3, 'nor is it hammered when it listens')
  await events.return?.()
  await first
})

void t.test('where a server cannot write, its clients go to another, and listen there', async (t) => {
  const { other, gateways, urls } = await start(t)
  const bob = clientOf(urls, { username: 'bob' })
  const following = new Following(t, bob)
  await following.next('hello')
  gateways.one.answers = ({ method }) => (method === 'POST' ? unavailable : undefined)
  gateways.one.longestFrame = 0
  t.match(await bob.send('bob', 'to myself'), { message_id: 1 })
  t.same(await following.texts(1), ['to myself'])
  await reaches(bob, 'connected')
  t.ok(gateways.other.seen.includes('POST /send'))
  t.same(await other.chat.texts('bob'), ['to myself'])
})

void t.test('where none can write, they listen still; and a proxy need not show who is ready', async (t) => {
  const { one, gateways, urls } = await start(t)
  const ready = { answers: unavailable }
  for (const gateway of Object.values(gateways))
    gateway.answers = ({ url = '' }) => (url.startsWith('/ready') ? ready.answers : undefined)
  const bob = clientOf(urls, { username: 'bob' })
  const following = new Following(t, bob)
  await following.next('hello')
  await one.chat.send('bob', 'bob', 'to myself')
  t.same(await following.texts(1), ['to myself'])
  await t.rejects(bob.createRoom({ participants: [] }), { code: 'log_unavailable' })
  ready.answers = { ...unavailable, status: 404, body: 'No.' }
  t.match(await bob.createRoom({ participants: [] }), { room_id: 'room_1' })
})

void t.test('what may have happened, and is not to happen twice, is told instead', async (t) => {
  const { one, gateways, urls } = await start(t)
  const alice = clientOf(urls)
  await alice.register({ username: 'alice' })
  gateways.one.loses = ({ url }) => url === '/create_room'
  await t.rejects(alice.createRoom({ participants: [] }), { code: 'unreachable' })
  await one.chat.get('/ready')
  t.notOk(gateways.other.seen.includes('POST /create_room'))
  await alice.leaveRoom({ room_id: 'room_1' })
  t.ok(gateways.other.seen.includes('POST /leave_room'), 'it goes on at the other')
  gateways.other.loses = ({ url }) => url === '/send'
  t.match(await alice.send('bob', 'once'), { client_id: String })
  t.same(await one.chat.texts('bob'), ['once'])
})

void t.test('what it has written is read on whatever server', async (t) => {
  const { one, other, urls } = await start(t)
  const release = other.hold()
  const alice = clientOf(urls)
  await alice.register({ username: 'alice' })
  const { room_id } = await alice.createRoom({ participants: ['bob'] })
  await one.chat.app.close()
  let isSent = false
  const sent = alice.send(room_id, 'to the room').then(() => (isSent = true))
  const read = alice.pollMessages()
  t.same(await other.chat.online(), ['bob'], 'the other has not even heard of her')
  t.notOk(isSent)
  release()
  t.match((await read).messages[0], { recipient: room_id, sender: 'server' })
  await sent
  t.match((await alice.pollMessages()).messages, [{ sender: 'server' }, { message: 'to the room' }])
})

void t.test('a server that has answered no write with a cursor is asked as before', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const asked: string[] = []
  const alice = clientAt(url, {
    username: 'alice',
    fetch: (input, init) => {
      asked.push(input as string)
      return fetch(input, init)
    },
  })
  const following = new Following(t, alice)
  await following.next('hello')
  await alice.listOnlineUsers()
  t.notMatch(asked.join(' '), /after_event_id/)
  const { event_id } = await alice.sendMessage({ recipient: 'alice', message: 'to myself' })
  await alice.listOnlineUsers()
  t.match(asked.at(-1), `after_event_id=${event_id}`)
  await chat.send('alice', 'alice', 'told')
  await following.texts(2)
  await alice.listOnlineUsers({ prefix: 'a' })
  t.match(asked.at(-1), `after_event_id=${chat.app.chat.cursor}`, 'also what it has been told')
  await alice.listOnlineUsers({ after_event_id: '0badc0de-1' } as object)
  t.match(asked.at(-1), 'after_event_id=0badc0de-1', 'unless the program says what')
})

void t.test('clients begin at any of the servers', (t) => {
  const seen = new Set<string>()
  const urls = ['http://127.0.0.1:1', 'http://127.0.0.1:2', 'http://127.0.0.1:3']
  for (let client = 0; client < 200; client++)
    void new ChatClient({
      baseUrl: urls,
      transports: ['poll'],
      fetch: (input) => {
        seen.add(new URL(input as string).origin)
        return new Promise(() => undefined)
      },
    }).getHealth()
  t.same(seen, new Set(urls))
  t.throws(() => clientAt('', { baseUrl: [] }), TypeError)
  t.throws(() => clientAt('', { baseUrl: ['http://127.0.0.1', 'nowhere'] }), TypeError)
  t.end()
})
