import fc from 'fast-check'
import t from 'tap'
import { errorCodes } from '../schemas/errors.js'
import { fails, startChat } from './support/chat.js'

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
  await fails(t, chat.get('/messages'), 400, 'invalid_request')
  await fails(t, chat.get('/announcement', { x: 1 }), 400, 'invalid_request')
  await fails(
    t,
    chat.request({ method: 'POST', url: '/register?x=1', payload: { username: 'bob' } }),
    400,
    'invalid_request',
  )
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
    { numRuns: 2000 },
  )
})
