import fc from 'fast-check'
import t from 'tap'
import { errorCodes } from '../schemas/errors.js'
import { fails, startChat } from './support/chat.js'
import { openWebSocket } from './support/listener.js'
import { startLiveChat } from './support/live-chat.js'
import { hello } from './support/live-suite.js'
import { frames, operations } from './support/operations.js'
import { runs } from './support/random.js'
import { RawClient } from './support/raw-client.js'
import { clientFrame, handshake } from './support/raw-frames.js'
import { worstBodies, type Fields } from './support/worst-inputs.js'

const json = { 'content-type': 'application/json' }

void t.test('a body that is no JSON, or not declared as JSON, is refused', async (t) => {
  const chat = await startChat(t)
  const post = (payload: string | Buffer, headers: Record<string, string> = json) =>
    chat.request({ method: 'POST', url: '/register', payload, headers })
  for (const payload of ['{', '', 'alice', '{"username":"alice"']) {
    await fails(t, post(payload), 400, 'malformed_json')
  }
  await fails(t, post(Buffer.from('{"username":"\xff"}', 'latin1')), 400, 'malformed_json')
  await fails(
    t,
    post('username=alice', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
    'unsupported_media_type',
  )
  await fails(t, post('{"username":"alice"}', { 'content-type': 'text/plain' }), 415, 'unsupported_media_type')
  await fails(t, post('{"username":"alice"}', {}), 415, 'unsupported_media_type')
  for (const payload of [
    'null',
    '[]',
    '"alice"',
    '7',
    'true',
    '{"__proto__":{},"username":"alice"}',
    '{"username":"alice","constructor":{"prototype":{}}}',
  ])
    await fails(t, post(payload), 400, 'invalid_request')
  t.same(await chat.online(), [])
})

void t.test('nothing in a body is coerced, and nothing unknown is dropped', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const said = { sender: 'alice', recipient: 'alice', message: 'hi' }
  for (const [body, path] of [
    [{ ...said, message: 7 }, '/body/message'],
    [{ ...said, message: null }, '/body/message'],
    [{ ...said, message: ['hi'] }, '/body/message'],
    [{ ...said, sender: true }, '/body/sender'],
    [{ ...said, client_id: 7 }, '/body/client_id'],
    [{ ...said, client_id: '' }, '/body/client_id'],
    [{ ...said, client_id: 'x'.repeat(65) }, '/body/client_id'],
    [{ ...said, messag: 'hi' }, '/body/messag'],
    [{ ...said, 'a/b~c': 'hi' }, '/body/a~1b~0c'],
    [{ sender: 'alice', message: 'hi' }, '/body/recipient'],
  ] as const) {
    const failure = await fails(t, chat.post('/send', body), 400, 'invalid_request')
    t.match(failure.details, [{ path }])
    t.match(failure.message, path)
  }
  t.same(await chat.texts('alice'), [])
})

void t.test('every place that does not fit is named at once', async (t) => {
  const chat = await startChat(t)
  const { details } = await fails(t, chat.post('/send', { sender: ' ', recipient: 7 }), 400, 'invalid_request')
  t.same(details?.map(({ path }) => path).sort(), ['/body/message', '/body/recipient', '/body/sender'])
})

void t.test('of a body with very many wrong parts, one is named', async (t) => {
  const chat = await startChat(t)
  const participants = Array.from({ length: 5000 }, () => '')
  const crowd = await fails(t, chat.post('/create_room', { admin: 'alice', participants }), 400, 'invalid_request')
  t.equal(crowd.details?.length, 1)
  const fields = Object.fromEntries(participants.map((_it, i) => [`field_${i}`, i]))
  t.equal((await fails(t, chat.post('/send', fields), 400, 'invalid_request')).details?.length, 1)
})

void t.test('a query is parsed to its declared type, and must fit', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const ask = (query: string) => chat.request({ method: 'GET', url: `/messages?username=alice&${query}` })
  t.equal((await ask('last_id=0&limit=10&wait=0')).status, 200)
  for (const query of [
    'last_id=-1',
    'last_id=x',
    'last_id=',
    'last_id=1.5',
    'last_id=1&last_id=2',
    'limit=0',
    'limit=1001',
    'wait=61',
    'wait=-1',
    'wait=NaN',
    'wait=0.5',
    'lastid=7',
  ]) {
    const { details } = await fails(t, ask(query), 400, 'invalid_request')
    t.match(details?.[0]?.path, /^\/query\//, query)
  }
  await fails(t, chat.get('/messages'), 401, 'token_required')
  await fails(t, chat.get('/announcement', { x: 1 }), 400, 'invalid_request')
  await fails(
    t,
    chat.request({ method: 'POST', url: '/register?x=1', payload: { username: 'bob' } }),
    400,
    'invalid_request',
  )
})

void t.test('a number in a query is decimal digits, in every operation', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const odd = [
    '1e400',
    'Infinity',
    '-Infinity',
    'NaN',
    '0x10',
    '0b1',
    '0o7',
    '+1',
    '-0',
    ' 5',
    '5 ',
    '01',
    '1.0',
    '1e1',
  ]
  odd.push('1_0', '٣', '', '.5', '9007199254740992', '1'.repeat(400), 'null', 'true', '1\u0000', '1n')
  for (const { method, path, numbers } of operations().filter((operation) => operation.method === 'GET'))
    for (const name of numbers)
      for (const text of odd) {
        const url = `${path}?username=alice&${name}=${encodeURIComponent(text)}`
        const { details } = await fails(t, chat.request({ method: 'GET', url }), 400, 'invalid_request')
        t.ok(
          details?.some((detail) => detail.path === `/query/${name}`),
          `${method} ${url}`,
        )
      }
})

void t.test('a number in a cursor or in the id of a room is decimal digits, too', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const room = await chat.createRoom('alice', [])
  const listen = async (cursor: string) =>
    (await chat.get('/events', { username: 'alice', wait: 0, last_event_id: cursor })).body['events']
  const cursor = String((await chat.get('/events', { username: 'alice', wait: 0 })).body['event_id'])
  t.same(await listen(cursor), [])
  for (const odd of [cursor.replace('-', '-0'), `${cursor}.00`, `${cursor}000000000000000`])
    t.match(await listen(odd), [{ type: 'resync' }], odd)
  const send = (recipient: string) => chat.post('/send', { sender: 'alice', recipient, message: 'Hello' })
  t.equal((await send(room)).status, 200)
  await fails(t, send('room_9007199254740993'), 404, 'room_not_found')
})

void t.test('a body that is too large is refused', async (t) => {
  const chat = await startChat(t, { CHATROOM_BODY_LIMIT: 1024 })
  await fails(t, chat.post('/register', { username: 'x'.repeat(1024) }), 413, 'payload_too_large')
})

void t.test('the length of a text is a setting', async (t) => {
  const chat = await startChat(t, { CHATROOM_MESSAGE_LENGTH: 3 })
  await chat.register('alice')
  await chat.send('alice', 'alice', '💬💬💬')
  await fails(t, chat.post('/send', { sender: 'alice', recipient: 'alice', message: 'four' }), 400, 'invalid_request')
})

void t.test('no body makes the server fail', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const urls = ['/register', '/login', '/logout', '/send', '/create_room', '/leave_room']
  const names = fc.constantFrom(
    'username',
    'password',
    'sender',
    'recipient',
    'message',
    'client_id',
    'admin',
    'participants',
    'room_id',
    '__proto__',
    'constructor',
  )
  const value = fc.oneof(
    fc.constantFrom('alice', 'room_1', 'server', '\ud800', ''),
    fc.string({ unit: 'binary' }),
    fc.jsonValue(),
  )
  const body = fc.oneof(
    { weight: 4, arbitrary: fc.dictionary(names, value).map((it) => JSON.stringify(it)) },
    { weight: 1, arbitrary: fc.string() },
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...urls), body, async (url, payload) => {
      const { status, body: answer } = await chat.request({ method: 'POST', url, payload, headers: json })
      return status < 500 && (status === 200 || errorCodes.includes(answer['code'] as never))
    }),
    runs(1000, 2000),
  )
})

void t.test('what takes long to bring into order is refused by its length, in every operation and frame', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const alice = openWebSocket(t, url, { username: 'alice' })
  await hello(alice.listener)
  const before = process.cpuUsage()
  for (const { method, path, body } of operations().filter((operation) => operation.body)) {
    const answer = await fetch(url + path, { method, headers: json, body: String(marks(250_000, body)) })
    t.ok(answer.status === 400 || answer.status === 401, `${method} ${path} ${answer.status}`)
  }
  for (const { type, fields } of frames()) {
    alice.webSocket.send(String(marks(60_000, fields)))
    t.match(await alice.answer(), { type: 'error', code: 'invalid_request' }, type)
  }
  const { user } = process.cpuUsage(before)
  t.ok(user < 4e6, `${user / 1e3} ms for all, where one took 5,000 and more`)
})

const marks = (bytes: number, fields: Fields | undefined) => fields && worstBodies['marks in texts']?.(bytes, fields)

void t.test('a letter has few marks', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const send = (message: string) => chat.post('/send', { sender: 'alice', recipient: 'alice', message })
  for (const text of [
    '\u0f67\u0f90\u0fb5\u0fa8\u0fb3\u0fba\u0fbc\u0fbb\u0f82',
    `z${'\u0335'.repeat(10)}`,
    '1\ufe0f\u20e3',
  ])
    t.equal((await send(text)).status, 200)
  const { message } = await fails(t, send(`z${'\u0335'.repeat(11)}`), 400, 'invalid_request')
  t.equal(message, '/body/message must not have more than 10 marks behind one letter.')
  await fails(t, chat.post('/register', { username: `z${'\u0335'.repeat(11)}` }), 400, 'invalid_request')
})

void t.test('a body and a frame have few parts, however many bytes they have', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const alice = openWebSocket(t, url, { username: 'alice' })
  await hello(alice.listener)
  const fields = Array.from({ length: 1001 }, (_, number) => [`k${number}`, 0] as const)
  const wrong = ['has more than 1000 fields, lists and objects', 'is required']
  for (const [payload, message] of [
    [JSON.stringify(Object.fromEntries(fields)), wrong[0]],
    [JSON.stringify(Object.fromEntries(fields.slice(2))), wrong[1]],
    [`${'['.repeat(2000)}${']'.repeat(2000)}`, wrong[0]],
    [`{"a":[${'{},'.repeat(1000)}0]}`, wrong[0]],
    [JSON.stringify({ a: ':[{\\"'.repeat(1000) }), wrong[1]],
  ] as const) {
    const answer = chat.request({ method: 'POST', url: '/send', payload, headers: json })
    t.match((await fails(t, answer, 400, 'invalid_request')).details?.[0]?.message, message)
    alice.webSocket.send(payload)
    t.match(await alice.answer(), { type: 'error', code: 'invalid_request' })
  }
})

void t.test('a field with a long name does not come back', async (t) => {
  const chat = await startChat(t)
  const { details } = await fails(
    t,
    chat.post('/logout', { ['x'.repeat(65)]: 1, username: 'a' }),
    400,
    'invalid_request',
  )
  const message = 'has a field with a name of more than 64 characters, which is not of this request'
  t.same(details, [{ path: '/body', message }])
})

void t.test('of very many parameters that are wrong, one is named', async (t) => {
  const chat = await startChat(t)
  const query = Array.from({ length: 1000 }, (_, number) => `k${number}`).join('&')
  const { details } = await fails(t, chat.request({ url: `/online?${query}` }), 400, 'invalid_request')
  t.equal(details?.length, 1)
})

void t.test('a frame may be of 64 KiB, and no longer', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const longest = await RawClient.open(t, url, handshake('alice'))
  await longest.head()
  await longest.frame()
  longest.write(clientFrame(' '.repeat(65_536)))
  t.match(await longest.json(), { type: 'error', code: 'malformed_json' })
  longest.write(clientFrame(' '.repeat(65_537)))
  t.equal(await longest.closeCode(), 1009)
})
