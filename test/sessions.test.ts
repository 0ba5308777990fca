import { once } from 'node:events'
import t, { type Test } from 'tap'
import { WebSocket } from 'ws'
import { fails, startChat, type Answer, type Chat } from './support/chat.js'
import { startLiveChat } from './support/live-chat.js'
import { transports } from './support/listener.js'
import { startNodes, type Node } from './support/nodes.js'
import { inFolder, liveOf } from './support/open-chat.js'
import { until } from './support/remote.js'
import { placeIn } from './support/test-folder.js'

const password = 'correct horse battery'
const day = 86_400_000

interface Listed {
  readonly session_id: string
  readonly device?: string
  readonly used_at: string
  readonly is_current: boolean
}

async function login(chat: Chat, device = 'a telephone'): Promise<string> {
  const { body } = await chat.request({
    method: 'POST',
    url: '/login',
    payload: { username: 'alice', password },
    headers: { 'user-agent': device },
  })
  return String(body['token'])
}

async function sessionsOf(chat: Chat, token: string): Promise<Listed[]> {
  return (await chat.get('/sessions', {}, token)).body['sessions'] as Listed[]
}

const end = (chat: Chat, path: string, token: string): Promise<Answer> =>
  chat.request({ method: 'DELETE', url: `/sessions${path}`, headers: { authorization: `Bearer ${token}` } })

const setPassword = (chat: Chat, username: string, payload: object, token?: string): Promise<Answer> =>
  chat.request({
    method: 'PATCH',
    url: `/users/${username}`,
    payload,
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  })

/** A clock that a test sets. */
function clock() {
  const time = { now: Date.UTC(2026, 0) }
  return { now: () => time.now, pass: (ms: number) => void (time.now += ms) }
}

void t.test('sessions are listed, each with its device, and none shows a token', async (t) => {
  const chat = await startChat(t)
  const first = await chat.register('alice', password)
  const second = await login(chat, 'Ein Fön é\u0001'.repeat(100))
  const listed = await sessionsOf(chat, second)
  t.match(listed, [{ is_current: false }, { is_current: true }])
  t.match(listed[1]?.device, /^Ein F[ -~]+$/)
  t.ok((listed[1]?.device?.length ?? 0) <= 200)
  for (const token of [first, second]) t.notMatch(JSON.stringify(listed), token)
  await fails(t, chat.get('/sessions'), 401, 'token_required')
  await fails(t, chat.get('/sessions', {}, 'x'.repeat(43)), 401, 'invalid_token')
})

void t.test('one session is ended, others go on', async (t) => {
  const chat = await startChat(t)
  const token = await chat.register('alice', password)
  const other = await login(chat)
  const bob = await chat.register('bob', password)
  const id = (await sessionsOf(chat, token))[1]?.session_id ?? ''
  await fails(t, end(chat, `/${id}`, bob), 404, 'session_not_found')
  await fails(t, end(chat, '/AAAAAAAAAAAAAAAAAAAAAA', token), 404, 'session_not_found')
  t.match(await end(chat, `/${id}`, token), { status: 200, body: { count: 1 } })
  await fails(t, chat.get('/sessions', {}, other), 401, 'invalid_token')
  t.equal((await sessionsOf(chat, token)).length, 1)
})

void t.test('all others are ended, or all', async (t) => {
  const chat = await startChat(t)
  const token = await chat.register('alice', password)
  for (let number = 0; number < 3; number++) await login(chat)
  t.match(await end(chat, '?which=others', token), { body: { count: 3 } })
  t.match(await sessionsOf(chat, token), [{ is_current: true }])
  t.match(await end(chat, '', token), { body: { count: 1 } })
  await fails(t, chat.get('/sessions', {}, token), 401, 'invalid_token')
})

void t.test('a session that is not used expires, and its client is told so; one that is used does not', async (t) => {
  const { now, pass } = clock()
  const chat = await startChat(t, { CHATROOM_SESSION_TTL: 30 }, { now })
  const idle = await chat.register('alice', password)
  const used = await login(chat)
  for (let days = 0; days < 31; days++) {
    pass(day)
    await chat.send('alice', 'alice', 'I am here', used)
  }
  await fails(t, chat.get('/sessions', {}, idle), 401, 'token_expired')
  const { headers } = await chat.get('/sessions', {}, idle)
  t.equal(headers['www-authenticate'], 'Bearer error="invalid_token"', 'RFC 6750 section 3.1')
  await fails(t, chat.post('/send', { sender: 'alice', recipient: 'alice', message: 'Hi' }, idle), 401, 'token_expired')
  t.equal((await sessionsOf(chat, used)).length, 2)
})

void t.test('what has expired long ago is gone', async (t) => {
  const { now, pass } = clock()
  const data = placeIn(t)
  const open = async (t: Test) => startChat(t, { CHATROOM_SESSION_TTL: 1 }, { now, storage: await inFolder(data, now) })
  await t.test('first', async (t) => {
    await (await open(t)).register('alice', password)
  })
  pass(3 * day)
  await t.test('then', async (t) => {
    const chat = await open(t)
    const token = await login(chat)
    t.equal((await sessionsOf(chat, token)).length, 1)
  })
})

for (const transport of transports)
  void t.test(`who listens by a session that ends is told not to come back: ${transport.name}`, async (t) => {
    const { chat, url } = await startLiveChat(t)
    const token = await chat.register('alice', password)
    const other = await login(chat)
    const listener = transport.open(t, url, { token: other })
    await listener.next('hello')
    await end(chat, '?which=others', token)
    const { reason } = await listener.ended()
    t.match(reason, /session_ended|invalid_token/)
  })

void t.test('a poll that waits ends with its session', async (t) => {
  const { chat, url } = await startLiveChat(t)
  const token = await chat.register('alice', password)
  const other = await login(chat)
  const poll = fetch(`${url}/messages?wait=40`, { headers: { authorization: `Bearer ${other}` } })
  await until(() => liveOf(chat.app.chat)['polls']['parked'].size === 1)
  await end(chat, '?which=others', token)
  t.equal((await poll).status, 401)
})

void t.test('a guest becomes an account, and keeps name, rooms and messages', async (t) => {
  const { chat, url } = await startLiveChat(t)
  const token = await chat.register('alice')
  await chat.register('bob')
  const room = await chat.createRoom('alice', ['bob'])
  await chat.send('bob', 'alice', 'Hello')
  const byName = transports[0]?.open(t, url, { username: 'alice' })
  const byToken = transports[0]?.open(t, url, { token })
  await byName?.next('hello')
  await byToken?.next('hello')
  await fails(t, setPassword(chat, 'alice', { password }), 401, 'token_required')
  await fails(t, setPassword(chat, 'bob', { password }, token), 403, 'not_your_name')
  t.match(await setPassword(chat, 'alice', { password }, token), {
    status: 200,
    body: { user: { username: 'alice', is_guest: false } },
  })
  t.match(await byName?.ended(), { reason: 'session_ended' })
  await fails(t, chat.get('/messages', { username: 'alice' }), 401, 'token_required')
  await chat.send('bob', room, 'Are you there?')
  t.match(await byToken?.next('message.created'), { message: { message: 'Are you there?' } })
  const { body } = await chat.get('/messages', {}, await login(chat))
  t.match(body['messages'], [{ message: /created/ }, { message: 'Hello' }, { message: 'Are you there?' }])
})

void t.test('a password that is changed ends all other sessions', async (t) => {
  const chat = await startChat(t)
  const token = await chat.register('alice', password)
  const other = await login(chat)
  const next = 'another long password'
  await fails(t, setPassword(chat, 'alice', { password: next }, token), 401, 'bad_credentials')
  const wrong = { password: next, current_password: next }
  await fails(t, setPassword(chat, 'alice', wrong, token), 401, 'bad_credentials')
  t.equal((await setPassword(chat, 'alice', { password: next, current_password: password }, token)).status, 200)
  await fails(t, chat.get('/sessions', {}, other), 401, 'invalid_token')
  t.equal((await sessionsOf(chat, token)).length, 1)
  await fails(t, chat.post('/login', { username: 'alice', password }), 401, 'bad_credentials')
  t.equal((await chat.post('/login', { username: 'alice', password: next })).status, 200)
})

void t.test('who may register is a setting, and so is who may become an account', async (t) => {
  for (const [registration, guests, accounts] of [
    ['open', 200, 200],
    ['guests', 200, 403],
    ['accounts', 403, 200],
    ['closed', 403, 403],
  ] as const) {
    const chat = await startChat(t, { CHATROOM_REGISTRATION: registration })
    t.equal((await chat.post('/register', { username: 'bob' })).status, guests, `${registration}: guests`)
    t.equal(
      (await chat.post('/register', { username: 'alice', password })).status,
      accounts,
      `${registration}: accounts`,
    )
  }
  const chat = await startChat(t, { CHATROOM_REGISTRATION: 'guests' })
  const token = await chat.register('alice')
  await fails(t, setPassword(chat, 'alice', { password }, token), 403, 'registration_closed')
})

void t.test('in token mode nobody need say its name, and nobody may say that of another', async (t) => {
  const chat = await startChat(t, { CHATROOM_AUTH: 'token' })
  const [alice, bob] = [await chat.register('alice'), await chat.register('bob')]
  t.equal((await chat.post('/send', { recipient: 'bob', message: 'Hello' }, alice)).status, 200)
  t.match((await chat.get('/messages', {}, bob)).body['messages'], [{ sender: 'alice' }])
  t.equal((await chat.post('/create_room', { participants: ['bob'] }, alice)).status, 200)
  t.equal((await chat.post('/leave_room', { room_id: 'room_1' }, bob)).status, 200)
  await fails(t, chat.post('/send', { sender: 'bob', recipient: 'bob', message: 'Hello' }, alice), 403, 'not_your_name')
  await fails(t, chat.post('/send', { recipient: 'bob', message: 'Hello' }), 401, 'token_required')
  t.equal((await chat.post('/logout', {}, bob)).status, 200)
})

const ticketOf = async (chat: Chat, token: string): Promise<string> =>
  String((await chat.post('/tickets', {}, token)).body['ticket'])

const listenBy = (url: string, query: string): Promise<Response> => fetch(`${url}/events?wait=0&${query}`)

void t.test('a ticket opens one live connection, of the session that it was made for', async (t) => {
  const { chat, url } = await startLiveChat(t, { CHATROOM_AUTH: 'token' })
  const token = await chat.register('alice', password)
  const ticket = await ticketOf(chat, token)
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?ticket=${ticket}`)
  t.teardown(() => socket.terminate())
  const [hello] = (await once(socket, 'message')) as [Buffer]
  t.match(JSON.parse(hello.toString()), { type: 'hello', username: 'alice' })
  t.match(await (await listenBy(url, `ticket=${ticket}`)).json(), { code: 'invalid_ticket' }, 'it is used up')
  t.match(await (await listenBy(url, `ticket=${await ticketOf(chat, token)}`)).json(), { status: 'success' })
  t.match(await (await listenBy(url, `ticket=${'x'.repeat(43)}`)).json(), { code: 'invalid_ticket' })
  const closed = once(socket, 'close')
  await end(chat, '', token)
  t.match(String((await closed)[1]), 'session_ended', 'the connection goes with its session')
  await fails(t, chat.post('/tickets', {}), 401, 'token_required')
})

void t.test('a ticket is good for half a minute, and a session has so many', async (t) => {
  const { now, pass } = clock()
  const { chat, url } = await startLiveChat(t, {}, { now })
  const token = await chat.register('alice', password)
  const tickets: string[] = []
  for (let number = 0; number < 17; number++) tickets.push(await ticketOf(chat, token))
  t.equal((await listenBy(url, `ticket=${tickets[0]}`)).status, 401, 'the oldest has made way')
  t.equal((await listenBy(url, `ticket=${tickets[1]}`)).status, 200)
  pass(30_000)
  t.equal((await listenBy(url, `ticket=${tickets[2]}`)).status, 200)
  pass(1)
  t.equal((await listenBy(url, `ticket=${tickets[3]}`)).status, 401)
})

void t.test('a ticket that was not used is there after a restart', async (t) => {
  const data = placeIn(t)
  const open = async (t: Test) => startLiveChat(t, {}, { storage: await inFolder(data) })
  let ticket = ''
  await t.test('first', async (t) => {
    const { chat } = await open(t)
    ticket = await ticketOf(chat, await chat.register('alice', password))
  })
  await t.test('then', async (t) => {
    const { url } = await open(t)
    t.equal((await listenBy(url, `ticket=${ticket}`)).status, 200)
    t.equal((await listenBy(url, `ticket=${ticket}`)).status, 401)
  })
})

void t.test('a ticket that one node has made is good on the next, once', async (t) => {
  const [one, other] = (await startNodes(t, 2)) as [Node, Node]
  const release = other.hold()
  const ticket = await ticketOf(one.chat, await one.chat.register('alice', password))
  const answer = listenBy(other.url, `ticket=${ticket}`)
  await other.catchesUp()
  release()
  t.equal((await answer).status, 200)
  t.equal((await listenBy(one.url, `ticket=${ticket}`)).status, 401)
})

void t.test('a WebSocket gives its token as a subprotocol', async (t) => {
  const { chat, url } = await startLiveChat(t, { CHATROOM_AUTH: 'token' })
  const token = await chat.register('alice', password)
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, ['chatroom', `bearer.${token}`])
  t.teardown(() => socket.terminate())
  const [hello] = (await once(socket, 'message')) as [Buffer]
  t.match(JSON.parse(hello.toString()), { type: 'hello', username: 'alice' })
  t.equal(socket.protocol, 'chatroom', 'nobody is shown the token again')
  const wrong = new WebSocket(`${url.replace('http', 'ws')}/ws`, ['chatroom', `bearer.${'x'.repeat(43)}`])
  const [{ message }] = (await once(wrong, 'error')) as [Error]
  t.match(message, /401/)
})
