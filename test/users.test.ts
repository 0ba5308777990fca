import { inspect } from 'node:util'
import t from 'tap'
import { ChatError } from '../src/chat/chat-error.js'
import { fails, startChat } from './support/chat.js'
import { inMemory, openChat } from './support/open-chat.js'

const password = 'correct horse battery staple'

void t.test('registering claims a name until logout', async (t) => {
  const chat = await startChat(t)
  const { status, body } = await chat.post('/register', { username: 'alice' })
  t.equal(status, 200)
  t.match(body, { status: 'success', username: 'alice', token: /^[\w-]{43}$/ })
  t.same(await chat.online(), ['alice'])
  await fails(t, chat.post('/register', { username: 'alice' }), 409, 'username_taken')
  await chat.logout('alice')
  t.same(await chat.online(), [])
  await chat.register('alice')
})

void t.test('names that differ only in case or form are one name', async (t) => {
  const chat = await startChat(t)
  for (const [name, twin] of [
    ['alice', 'ALICE'],
    ['Straße', 'STRASSE'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['ﬁona', 'FIONA'],
    ['Zoë', 'ZOË'],
    ['x２', 'X2'],
  ] as const) {
    await chat.register(name)
    await fails(t, chat.post('/register', { username: twin }), 409, 'username_taken')
  }
  await chat.send('Alice', 'STRASSE', 'by any form')
  t.match((await chat.poll('strasse')).messages, [{ sender: 'alice', recipient: 'Straße' }])
})

void t.test('names are letters and digits of any script', async (t) => {
  const chat = await startChat(t)
  for (const username of ['李小龙', 'नमस्ते', 'محمد', 'a.b_c-d e', '.', '7', 'é', 'x'.repeat(32)]) {
    t.equal((await chat.post('/register', { username })).status, 200, username)
  }
  const refused = [
    '',
    ' ',
    ' a',
    'a ',
    'a  b',
    'a\tb',
    'a/b',
    '😀',
    'e\u0301',
    'a\u200bb',
    '\u3164',
    '\ud800',
    '\u0301a',
    'x'.repeat(33),
  ]
  for (const username of refused) {
    await fails(t, chat.post('/register', { username }), 400, 'invalid_request')
  }
})

void t.test("the server's names cannot be registered", async (t) => {
  const chat = await startChat(t)
  for (const username of ['server', 'Server', 'ｓｅｒｖｅｒ', 'room_1', 'ROOM_', 'room_x']) {
    await fails(t, chat.post('/register', { username }), 400, 'username_reserved')
  }
})

void t.test('a name that looks like one of the server cannot be registered', async (t) => {
  const chat = await startChat(t)
  for (const username of [
    's\u0435rver',
    '\u0455\u0435r\u0475\u0435r',
    'S\u0395RVER',
    '\u13da\u13acRVER',
    '\ua731erver',
    'r\u043eom_1',
    'r\u03bf\u03bfm_x',
    'r\ua699m_1',
    'roorn_1',
    'R00M_1',
    'room\u07fa1',
    'R\u039f\u039f\u041c_1',
  ])
    await fails(t, chat.post('/register', { username }), 400, 'username_reserved')
  for (const username of [
    '\u0441\u0435\u0440\u0432\u0435\u0440',
    'servers',
    'observer',
    'room',
    'roomy_1',
    's\u00e9rver',
    'serverа',
  ])
    await chat.register(username)
})

void t.test('of many who register one name at once, exactly one wins', async (t) => {
  const chat = await startChat(t)
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => chat.post('/register', { username: i % 2 ? 'alice' : 'Alice' })),
  )
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.equal(answers.filter(({ body }) => body['code'] === 'username_taken').length, 199)
  const accounts = await Promise.all(
    Array.from({ length: 8 }, () => chat.post('/register', { username: 'bob', password })),
  )
  t.equal(accounts.filter(({ status }) => status === 200).length, 1)
})

void t.test('an account is used with its token alone', async (t) => {
  const chat = await startChat(t)
  const alice = await chat.register('alice', password)
  const bob = await chat.register('bob')
  const said = { sender: 'alice', recipient: 'bob', message: 'hi' }
  await fails(t, chat.post('/send', said), 401, 'token_required')
  await fails(t, chat.post('/send', said, bob), 403, 'not_your_name')
  await fails(t, chat.post('/send', said, `${alice.slice(0, -1)}_`), 401, 'invalid_token')
  await fails(t, chat.post('/logout', { username: 'alice' }), 401, 'token_required')
  await fails(t, chat.get('/messages', { username: 'alice' }), 401, 'token_required')
  await fails(t, chat.post('/create_room', { admin: 'alice', participants: [] }, bob), 403, 'not_your_name')
  await fails(t, chat.post('/leave_room', { username: 'alice', room_id: 'room_1' }, bob), 403, 'not_your_name')
  t.equal((await chat.post('/send', said, alice)).status, 200)
})

void t.test('an account has sessions, which end one by one', async (t) => {
  const chat = await startChat(t)
  const first = await chat.register('alice', password)
  const { body } = await chat.post('/login', { username: 'Alice', password })
  const second = String(body['token'])
  t.equal(body['username'], 'alice')
  t.not(first, second)
  await chat.logout('alice', first)
  await fails(t, chat.get('/messages', { username: 'alice' }, first), 401, 'invalid_token')
  t.same(await chat.online(), ['alice'])
  await chat.poll('alice', 0, {}, second)
  await chat.logout('alice', second)
  t.same(await chat.online(), [], 'without a session it is away')
  await fails(t, chat.post('/register', { username: 'alice' }), 409, 'username_taken')
})

void t.test('a wrong password and an unknown name get the same answer', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice', password)
  await chat.register('guest')
  const answers = [
    await fails(t, chat.post('/login', { username: 'alice', password: 'wrong' }), 401, 'bad_credentials'),
    await fails(t, chat.post('/login', { username: 'nobody', password }), 401, 'bad_credentials'),
    await fails(t, chat.post('/login', { username: 'guest', password }), 401, 'bad_credentials'),
  ]
  t.equal(new Set(answers.map(({ message }) => message)).size, 1)
})

void t.test('a password is compared in its composed form', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice', 'caf\u00e9 au lait')
  t.equal((await chat.post('/login', { username: 'alice', password: 'cafe\u0301 au lait' })).status, 200)
})

void t.test('past the bound on sessions the oldest ends', async (t) => {
  const chat = await startChat(t, { CHATROOM_SESSIONS_PER_USER: 2 })
  const first = await chat.register('alice', password)
  await chat.post('/login', { username: 'alice', password })
  await chat.poll('alice', 0, {}, first)
  await chat.post('/login', { username: 'alice', password })
  await fails(t, chat.get('/messages', { username: 'alice' }, first), 401, 'invalid_token')
})

void t.test('a poll that waits ends with a session that makes way', async (t) => {
  const chat = await startChat(t, { CHATROOM_SESSIONS_PER_USER: 1 })
  const token = await chat.register('alice', password)
  const waiting = chat.get('/messages', { username: 'alice', wait: 60 }, token)
  await chat.get('/health')
  await chat.post('/login', { username: 'alice', password })
  await fails(t, waiting, 401, 'invalid_token')
})

void t.test('in token mode every name is used with its token', async (t) => {
  const chat = await startChat(t, { CHATROOM_AUTH: 'token' })
  const alice = await chat.register('alice')
  const bob = await chat.register('bob')
  await fails(t, chat.get('/online'), 401, 'token_required')
  t.equal((await chat.get('/online', {}, alice)).status, 200)
  await fails(t, chat.get('/messages', { username: 'alice' }), 401, 'token_required')
  await fails(t, chat.get('/messages', { username: 'nobody' }), 401, 'token_required')
  await fails(t, chat.get('/messages', { username: 'alice' }, bob), 403, 'not_your_name')
  await chat.poll('alice', 0, {}, alice)
  t.equal((await chat.get('/announcement')).status, 200)
})

void t.test('a challenge goes with every 401', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice', password)
  t.equal((await chat.get('/messages', { username: 'alice' })).headers['www-authenticate'], 'Bearer')
  t.equal((await chat.get('/online', {}, 'nonsense')).headers['www-authenticate'], 'Bearer error="invalid_token"')
})

void t.test('who is online is listed in pages, sorted without regard to case', async (t) => {
  const chat = await startChat(t)
  for (const name of ['bob', 'Anna', 'carl', 'anton', 'Änne', 'alice']) await chat.register(name)
  t.same(await chat.online(), ['alice', 'Anna', 'anton', 'bob', 'carl', 'Änne'])
  t.same(await chat.online({ prefix: 'AN' }), ['Anna', 'anton'])
  t.same(await chat.online({ prefix: 'x' }), [])
  const page = await chat.get('/online', { limit: 2 })
  t.match(page.body, { online_users: ['alice', 'Anna'], has_more: true })
  t.match((await chat.get('/online', { limit: 3, after: 'anna' })).body, {
    online_users: ['anton', 'bob', 'carl'],
    has_more: true,
  })
  t.match((await chat.get('/online', { limit: 3, after: 'carl' })).body, { online_users: ['Änne'], has_more: false })
  t.match((await chat.get('/online', { prefix: 'an', after: 'anna', limit: 1 })).body, {
    online_users: ['anton'],
    has_more: false,
  })
})

void t.test('an idle guest makes way; who is active or waits for messages does not', async (t) => {
  let now = Date.parse('2026-01-01T00:00:00Z')
  const hour = 3_600_000
  const chat = await startChat(t, {}, { now: () => now })
  for (const name of ['idle', 'polls', 'waits', 'sends']) await chat.register(name)
  const room = await chat.createRoom('sends', ['idle', 'polls'])
  await chat.send('sends', 'idle', 'for the first holder alone')
  now += 20 * hour
  await chat.poll('polls')
  await chat.send('sends', room, 'still here')
  const waiting = chat.poll('waits', 0, { wait: 60 })
  await fails(t, chat.post('/register', { username: 'idle' }), 409, 'username_taken')
  now += 6 * hour
  await fails(t, chat.post('/register', { username: 'polls' }), 409, 'username_taken')
  await fails(t, chat.post('/register', { username: 'waits' }), 409, 'username_taken')
  await fails(t, chat.post('/register', { username: 'sends' }), 409, 'username_taken')
  await chat.register('idle')
  t.same(await chat.texts('idle'), [], 'the next holder sees nothing that was sent to the last')
  t.equal((await chat.texts('polls')).at(-1), 'idle has left room 1.')
  await chat.send('sends', 'waits', 'wake up')
  t.equal((await waiting).messages.length, 1)
})

void t.test('the server has as many users as it may have', async (t) => {
  const chat = await startChat(t, { CHATROOM_USERS: 2 })
  await chat.register('alice')
  await chat.register('bob')
  await fails(t, chat.post('/register', { username: 'carol' }), 503, 'server_full')
  await chat.logout('bob')
  await chat.register('carol')
})

void t.test('tokens and passwords are kept by their hashes alone', async (t) => {
  const chat = await startChat(t)
  const token = await chat.register('alice', password)
  const kept = inspect(chat.app.chat, { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity })
  t.match(kept, 'argon2id', 'what is kept was looked at')
  t.notMatch(kept, token)
  t.notMatch(kept, password)
})

void t.test('that idle guests cannot be removed is told once, until it works again', async (t) => {
  const told: string[] = []
  const complain = (_error: unknown, message: string) => void told.push(message)
  const chat = await openChat(inMemory(), { complain })
  t.teardown(() => chat.close())
  const guests = chat['core'].guests
  for (const [works, count] of [
    [false, 1],
    [false, 1],
    [true, 1],
    [false, 2],
  ] as const) {
    guests.expire = () => (works ? Promise.resolve(0) : Promise.reject(new ChatError('log_unavailable')))
    await guests['sweep']()
    t.equal(told.length, count)
  }
  t.match(told[0], /idle guests could not be removed/)
})
