import { connect } from 'node:net'
import { once } from 'node:events'
import { request as ask, type IncomingMessage } from 'node:http'
import { brotliDecompressSync } from 'node:zlib'
import t from 'tap'
import { fails, startChat } from './support/chat.js'
import { startLiveChat } from './support/live-chat.js'
import { RawClient } from './support/raw-client.js'
import { handshake, request } from './support/raw-frames.js'

const json = { 'Content-Type': 'application/json' }

/** The head of a request with a body. */
const head = (length: string) =>
  `POST /send HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n${length}\r\n\r\n`

/** The status that a request for a host is answered with. */
const asked = async (url: string, host: string) => {
  const { port } = new URL(url)
  const asking = ask({ host: '127.0.0.1', port, path: '/health', headers: { host } }).end()
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}

void t.test('a method that nobody knows is 405 on a path that is there, and 404 on another', async (t) => {
  const { url } = await startLiveChat(t)
  for (const [method, path, allow] of [
    ['PROPFIND', '/send', 'OPTIONS, POST'],
    ['PURGE', '/messages?username=alice', 'GET, HEAD, OPTIONS'],
    ['PROPPATCH', '/online', 'GET, HEAD, OPTIONS'],
    ['MKCOL', '/conversations/bob/typing', 'OPTIONS, POST'],
    ['LOCK', '/docs/static/swagger-ui.css', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const client = await RawClient.open(t, url, request(method, path))
    const { status, headers, body } = await client.answer()
    t.match(
      { status, allow: headers['allow'], body },
      { status: 405, allow, body: { code: 'method_not_allowed' } },
      path,
    )
    client.write(request('PROPFIND', '/nothing', json, { a: 1 }))
    t.match(await client.answer(), { status: 404, body: { code: 'not_found' } })
  }
})

void t.test('a body in another coding or charset is not taken for JSON', async (t) => {
  const chat = await startChat(t)
  const post = (headers: Record<string, string>) =>
    chat.request({ method: 'POST', url: '/logout', payload: '{"username":"alice"}', headers })
  const type = 'application/json'
  for (const headers of [
    { 'content-type': type, 'content-encoding': 'gzip' },
    { 'content-type': type, 'content-encoding': 'br, identity' },
    { 'content-type': `${type}; charset=iso-8859-1` },
    { 'content-type': `${type};Charset="UTF-16"` },
  ]) {
    const answer = post(headers)
    await fails(t, answer, 415, 'unsupported_media_type')
    t.equal((await answer).headers['accept-encoding'], 'identity')
  }
  for (const headers of [
    { 'content-type': `${type}; charset=UTF-8`, 'content-encoding': 'identity' },
    { 'content-type': `${type};charset="utf-8"` },
  ])
    await fails(t, post(headers), 404, 'user_not_found')
})

void t.test('a request says once for which host it is', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const heads: readonly [string, number][] = [
    ['GET /health HTTP/1.1\r\n', 400],
    ['GET /health HTTP/1.1\r\nHost: a.example\r\nhost: b.example\r\n', 400],
    ['GET /health HTTP/1.1\r\nHost: a.example\r\nHost: a.example\r\n', 400],
    ['GET /health HTTP/1.1\r\nHost: a b\r\n', 400],
    ['GET /health HTTP/1.1\r\nHost: user@a.example\r\n', 400],
    ['GET /health HTTP/1.1\r\nHost: \r\n', 400],
    ['GET /health HTTP/1.1\r\nHost: [::1]:5003\r\n', 200],
    ['GET /health HTTP/1.0\r\n', 200],
  ]
  for (const [head, status] of heads) {
    const client = await RawClient.open(t, url, `${head}\r\n`)
    const answer = await client.answer()
    t.equal(answer.status, status, head)
    if (status === 400) t.match(answer, { headers: { 'x-request-id': /./ }, body: { code: 'bad_request' } })
  }
  const twice = await RawClient.open(t, url, handshake('alice').replace('\r\n', '\r\nHost: b.example\r\n'))
  t.equal((await twice.answer()).status, 400)
  await twice.closed()
})

void t.test('a handshake that is one too many leaves no connection', async (t) => {
  const { url } = await startLiveChat(t, { CHATROOM_RATE_LIMIT: 1 })
  await fetch(`${url}/online`)
  const client = await RawClient.open(t, url, handshake('alice'))
  t.equal((await client.answer()).status, 429)
  await client.closed()
})

void t.test('a body that is too large is read for a moment, so that its sender hears that it is', async (t) => {
  const { url } = await startLiveChat(t)
  const size = 8_000_000
  const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`
  for (const bytes of [
    head(`Content-Length: ${size}`) + 'x'.repeat(size),
    head('Transfer-Encoding: chunked') + chunk.repeat(100) + '0\r\n\r\n',
  ]) {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port) })
    t.teardown(() => socket.destroy())
    socket.pause()
    socket.on('error', () => undefined)
    await new Promise((resolve) => socket.write(bytes, resolve))
    let text = ''
    socket.setEncoding('latin1').on('data', (more) => (text += more))
    socket.resume()
    socket.end()
    await once(socket, 'close')
    t.match(text, /^HTTP\/1\.1 413 .*"code":"payload_too_large"/s)
  }
})

void t.test('what is too large and never ends is not read for ever', async (t) => {
  const { url } = await startLiveChat(t)
  const client = await RawClient.open(
    t,
    url,
    'POST /send HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n',
  )
  const part = Buffer.alloc(1_000_000)
  client.socket.on('drain', () => client.write(part))
  client.write(part)
  await client.closed()
  t.ok(client.socket.bytesWritten < 900_000_000, `${client.socket.bytesWritten}`)
})

void t.test('answers, documents and files are compressed alike', async (t) => {
  const chat = await startChat(t)
  await Promise.all(Array.from({ length: 600 }, (_, n) => chat.register(`a guest with a long name ${n}`)))
  for (const url of [
    '/online',
    '/openapi.json',
    '/openapi.yaml',
    '/asyncapi.json',
    '/docs/json',
    '/docs/static/swagger-ui-bundle.js',
    '/docs/static/swagger-ui.css',
  ]) {
    const plain = await chat.app.inject({ url })
    const packed = await chat.app.inject({ url, headers: { 'accept-encoding': 'br' } })
    t.equal(packed.headers['content-encoding'], 'br', url)
    t.match(packed.headers['vary'], /accept-encoding/i)
    t.equal(brotliDecompressSync(packed.rawPayload).toString(), plain.payload)
  }
  t.equal(
    (await chat.app.inject({ url: '/health', headers: { 'accept-encoding': 'br' } })).headers['content-encoding'],
    undefined,
  )
})

void t.test('links, redirects and servers are told from where they stand', async (t) => {
  const chat = await startChat(t)
  const at = async (url: string) => {
    const { statusCode, headers, payload } = await chat.app.inject({ url })
    return { status: statusCode, location: headers['location'], payload }
  }
  t.match(await at('/'), { status: 302, location: './docs/' })
  t.match(await at('/docs'), { status: 302, location: 'docs/' })
  t.match(await at('/docs/static/index.html'), { status: 302, location: '../' })
  const { payload: page } = await at('/docs/')
  t.notMatch(page, /(?:src|href)="\//)
  t.match(JSON.parse((await at('/openapi.json')).payload), { servers: [{ url: '.' }] })
  t.match(JSON.parse((await at('/docs/json')).payload), { servers: [{ url: '..' }] })
  for (const document of ['/openapi.json', '/asyncapi.json']) t.notMatch((await at(document)).payload, /\]\(\//)
})

void t.test('behind a prefix that is not stripped, all is where CHATROOM_BASE_URL says', async (t) => {
  const { chat, url } = await startLiveChat(t, { CHATROOM_BASE_URL: 'https://example.org/chat' })
  await chat.register('alice')
  for (const path of ['/chat/online', '/online', '/chat/online?limit=1'])
    t.equal((await fetch(url + path)).status, 200, path)
  for (const path of ['/chatter/online', '/chat/chat/online', '/chatonline'])
    t.equal((await fetch(url + path)).status, 404, path)
  for (const path of ['/chat', '/chat/']) {
    const { headers } = await fetch(url + path, { redirect: 'manual' })
    t.equal(headers.get('location'), 'https://example.org/chat/docs/')
  }
  t.match(await (await fetch(`${url}/chat/openapi.json`)).json(), { servers: [{ url: 'https://example.org/chat' }] })
  t.match(await (await fetch(`${url}/chat/asyncapi.json`)).json(), {
    servers: { wss: { pathname: '/chat', variables: { host: { default: 'example.org' } } } },
  })
  const client = await RawClient.open(t, url, handshake('alice').replace('GET /ws', 'GET /chat/ws'))
  t.match(await client.head(), /^HTTP\/1\.1 101 /)
})

void t.test('a server that only its machine reaches is asked by the names of that', async (t) => {
  const local = await startLiveChat(t, { HOST: '127.0.0.1' })
  for (const host of ['localhost:1', 'LOCALHOST', 'chat.localhost', '127.0.0.1:5003', '[::1]', '192.0.2.1'])
    t.equal(await asked(local.url, host), 200, host)
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example'])
    t.equal(await asked(local.url, host), 421, host)
  const client = await RawClient.open(t, local.url, handshake('alice').replace('chat.example', 'evil.example'))
  t.match(await client.answer(), { status: 421, body: { code: 'unknown_host' } })
  const named = await startLiveChat(t, { CHATROOM_HOSTS: 'chat.example, b.example' })
  for (const host of ['chat.example', 'B.example:80', 'localhost']) t.equal(await asked(named.url, host), 200, host)
  t.equal(await asked(named.url, 'evil.example'), 421)
  for (const open of [{}, { HOST: '127.0.0.1', CHATROOM_TRUST_PROXY: '127.0.0.1' }])
    t.equal(await asked((await startLiveChat(t, open)).url, 'any.example'), 200)
})
