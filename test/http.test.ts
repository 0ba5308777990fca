import t from 'tap'
import { fails, startChat } from './support/chat.js'

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
  t.equal((await chat.app.inject('/')).headers['location'], './docs/')
  for (const url of ['/nothing', '/send/', '/Send', '/messages/1/nothing'])
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
        'access-control-request-headers': 'authorization, x-of-a-tool',
      },
    })
    t.equal(status, 204)
    t.match(headers['access-control-allow-methods'], method)
    t.match(headers, {
      'access-control-allow-headers': 'authorization, x-of-a-tool',
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
  t.same((await chat.get('/health')).body, { status: 'success', client_address: '127.0.0.1' })
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
