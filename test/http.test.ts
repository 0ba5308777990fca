import fc from 'fast-check'
import t from 'tap'
import { errorCodes } from '../schemas/errors.js'
import { fails, startChat } from './support/chat.js'

const forwarded = (n: number) => ({ url: '/online', headers: { 'x-forwarded-for': `10.0.0.${n}` } })
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
    [{ ...said, message: 7 }, 'body/message'],
    [{ ...said, message: null }, 'body/message'],
    [{ ...said, message: ['hi'] }, 'body/message'],
    [{ ...said, sender: true }, 'body/sender'],
    [{ ...said, client_id: 7 }, 'body/client_id'],
    [{ ...said, client_id: '' }, 'body/client_id'],
    [{ ...said, client_id: 'x'.repeat(65) }, 'body/client_id'],
    [{ ...said, messag: 'hi' }, 'body/messag'],
    [{ ...said, 'a/b~c': 'hi' }, 'body/a~1b~0c'],
    [{ sender: 'alice', message: 'hi' }, 'body/recipient'],
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
  t.same(details?.map(({ path }) => path).sort(), ['body/message', 'body/recipient', 'body/sender'])
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
    'lastid=7',
  ]) {
    const { details } = await fails(t, ask(query), 400, 'invalid_request')
    t.match(details?.[0]?.path, /^query\//, query)
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

void t.test('a wrong method is 405 with Allow, an unknown path 404', async (t) => {
  const chat = await startChat(t)
  for (const [method, url, allow] of [
    ['GET', '/send', 'OPTIONS, POST'],
    ['PUT', '/send', 'OPTIONS, POST'],
    ['DELETE', '/messages', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/docs', 'GET, HEAD, OPTIONS'],
    ['POST', '/openapi.json', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const answer = chat.request({ method, url, payload: '{', headers: json })
    await fails(t, answer, 405, 'method_not_allowed')
    t.equal((await answer).headers['allow'], allow)
  }
  t.equal((await chat.app.inject('/')).headers['location'], '/docs')
  for (const url of ['/nothing', '/send/', '/Send', '/messages/1'])
    await fails(t, chat.request({ url }), 404, 'not_found')
  await fails(t, chat.request({ url: '/%E0%A4%A' }), 400, 'bad_request')
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

void t.test('a client that asks too often is told when to come back', async (t) => {
  const chat = await startChat(t, { CHATROOM_RATE_LIMIT: 3 })
  const token = await chat.register('alice')
  const first = await chat.get('/online')
  t.match(first.headers['ratelimit'], /^"requests";r=1;t=\d+$/)
  await chat.get('/online', {}, 'made-up-1')
  const refused = chat.get('/online', {}, 'made-up-2')
  await fails(t, refused, 429, 'rate_limited')
  t.match((await refused).headers, { 'retry-after': /^\d+$/, 'ratelimit-policy': '"requests";q=3;w=60' })
  t.equal((await chat.get('/online', {}, token)).status, 200, 'a token counts for itself')
  t.equal((await chat.request({ url: '/health' })).status, 200)
  const elsewhere = await chat.request({ url: '/online', remoteAddress: '10.0.0.9' })
  t.equal(elsewhere.status, 200, 'another address counts for itself')
})

void t.test('requests that carry a password have a limit of their own', async (t) => {
  const chat = await startChat(t, { CHATROOM_PASSWORD_RATE_LIMIT: 2 })
  const guess = () => chat.post('/login', { username: 'alice', password: 'guess' })
  await fails(t, guess(), 401, 'bad_credentials')
  await fails(t, guess(), 401, 'bad_credentials')
  const refused = guess()
  await fails(t, refused, 429, 'rate_limited')
  t.match((await refused).headers['retry-after'], /^\d+$/)
  await fails(t, chat.post('/register', { username: 'bob', password: 'long enough' }), 429, 'rate_limited')
  await chat.register('guest')
})

void t.test('a proxy is believed only where it is trusted', async (t) => {
  const trusting = await startChat(t, { CHATROOM_RATE_LIMIT: 1, CHATROOM_TRUST_PROXY: '127.0.0.1' })
  t.equal((await trusting.request(forwarded(1))).status, 200)
  t.equal((await trusting.request(forwarded(2))).status, 200)
  const wary = await startChat(t, { CHATROOM_RATE_LIMIT: 1 })
  t.equal((await wary.request(forwarded(1))).status, 200)
  await fails(t, wary.request(forwarded(2)), 429, 'rate_limited')
})

void t.test('every answer has the headers that an API needs, and an id of its own', async (t) => {
  const chat = await startChat(t)
  const answers = [await chat.get('/online'), await chat.get('/nothing'), await chat.post('/send', {})]
  for (const { headers } of answers) {
    t.match(headers, {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      'content-type': 'application/json; charset=utf-8',
    })
  }
  t.equal(new Set(answers.map(({ headers }) => headers['x-request-id'])).size, 3)
})

void t.test('preflights are answered for every method that is used, and may be kept', async (t) => {
  const chat = await startChat(t)
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    const { status, headers } = await chat.request({
      method: 'OPTIONS',
      url: '/send',
      headers: {
        origin: 'https://page.example',
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization',
      },
    })
    t.equal(status, 204)
    t.match(headers['access-control-allow-methods'], method)
    t.match(headers, {
      'access-control-allow-headers': 'Authorization, Content-Type, Last-Event-ID',
      'access-control-max-age': '7200',
    })
  }
})

void t.test('origins may be named', async (t) => {
  const chat = await startChat(t, { CHATROOM_CORS_ORIGIN: 'https://a.example, https://b.example' })
  const from = async (origin: string) => (await chat.request({ url: '/online', headers: { origin } })).headers
  t.match(await from('https://b.example'), { 'access-control-allow-origin': 'https://b.example', vary: 'Origin' })
  t.equal((await from('https://c.example'))['access-control-allow-origin'], undefined)
})

void t.test('large answers are compressed for those who ask', async (t) => {
  const chat = await startChat(t, { CHATROOM_COMPRESS: 2000 })
  await chat.register('alice')
  const poll = (encoding: string) =>
    chat.app.inject({ url: '/messages?username=alice', headers: { 'accept-encoding': encoding } })
  await chat.send('alice', 'alice', 'small')
  t.equal((await poll('gzip')).headers['content-encoding'], undefined)
  await chat.send('alice', 'alice', 'large '.repeat(600))
  t.equal((await poll('gzip')).headers['content-encoding'], 'gzip')
  t.equal((await poll('br')).headers['content-encoding'], 'br')
  t.equal((await poll('identity')).headers['content-encoding'], undefined)
  const off = await startChat(t, { CHATROOM_COMPRESS: 0 })
  t.equal(
    (await off.app.inject({ url: '/openapi.json', headers: { 'accept-encoding': 'gzip' } })).headers[
      'content-encoding'
    ],
    undefined,
  )
})

void t.test('the server tells how it is', async (t) => {
  const chat = await startChat(t)
  t.same((await chat.get('/health')).body, { status: 'success' })
  t.same((await chat.get('/ready')).body, { status: 'success' })
  t.match((await chat.get('/announcement')).body, { status: 'success', announcement: '' })
})

void t.test('without its log the server refuses commands, answers queries, and says so', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  await chat.app.chat.close()
  await fails(t, chat.post('/send', { sender: 'alice', recipient: 'alice', message: 'hi' }), 503, 'log_unavailable')
  const ready = chat.get('/ready')
  await fails(t, ready, 503, 'log_unavailable')
  t.equal((await ready).headers['retry-after'], '1')
  t.same(await chat.online(), ['alice'])
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
