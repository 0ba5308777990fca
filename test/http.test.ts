import t from 'tap'
import { fails, startChat } from './support/chat.js'

const forwarded = (n: number) => ({ url: '/online', headers: { 'x-forwarded-for': `10.0.0.${n}` } })

void t.test('a wrong method is 405 with Allow, an unknown path 404', async (t) => {
  const chat = await startChat(t)
  for (const [method, url, allow] of [
    ['GET', '/send', 'OPTIONS, POST'],
    ['PUT', '/send', 'OPTIONS, POST'],
    ['DELETE', '/messages', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/docs', 'GET, HEAD, OPTIONS'],
    ['POST', '/openapi.json', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const answer = chat.request({ method, url, payload: '{', headers: { 'content-type': 'application/json' } })
    await fails(t, answer, 405, 'method_not_allowed')
    t.equal((await answer).headers['allow'], allow)
  }
  t.equal((await chat.app.inject('/')).headers['location'], '/docs')
  for (const url of ['/nothing', '/send/', '/Send', '/messages/1'])
    await fails(t, chat.request({ url }), 404, 'not_found')
  await fails(t, chat.request({ url: '/%E0%A4%A' }), 400, 'bad_request')
})

void t.test('what is wrong with a request for a file of Swagger UI is no failure of the server', async (t) => {
  const chat = await startChat(t)
  for (const [file, headers] of [
    ['swagger-ui.css', { range: 'bytes=9999999-' }],
    ['swagger-ui.css', { 'if-match': '"x"' }],
    ['%00', {}],
    ['%2e%2e/index.html', {}],
  ] as const) {
    const { statusCode, json } = await chat.app.inject({ url: `/docs/static/${file}`, headers })
    t.ok(statusCode === 400 || statusCode === 404, `${file} ${statusCode}`)
    t.match(json(), { status: 'fail', code: /^(bad_request|not_found)$/ })
  }
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

void t.test('a token that is shown to get another one is no fresh allowance', async (t) => {
  const chat = await startChat(t, { CHATROOM_RATE_LIMIT: 5 })
  let token: string | undefined
  const statuses: number[] = []
  for (let count = 0; count < 8; count++) {
    const { status, body } = await chat.post('/register', { username: `guest${count}` }, token)
    statuses.push(status)
    if (status === 200) token = String(body['token'])
  }
  t.same(statuses, [200, 200, 200, 200, 200, 429, 429, 429])
  t.equal((await chat.get('/online', {}, token)).status, 200, 'the token itself may be used')
})

void t.test('a clock that is set back locks nobody out', async (t) => {
  const chat = await startChat(t, { CHATROOM_RATE_LIMIT: 1 })
  await chat.register('alice')
  const { now } = Date
  t.teardown(() => (Date.now = now))
  Date.now = () => now() - 3_600_000
  const { status, headers } = await chat.get('/online')
  t.equal(status, 429)
  t.ok(Number(headers['retry-after']) <= 60)
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
