import { once } from 'node:events'
import type { Socket } from 'node:net'
import t from 'tap'
import { liveOf } from './support/open-chat.js'
import { startChat } from './support/chat.js'
import { connectionsOf, countsOf, nobodyLeft, openSockets } from './support/left-behind.js'
import { startLiveChat } from './support/live-chat.js'
import { RawClient } from './support/raw-client.js'
import { asking, clientFrame, handshake, jsonFrame, request } from './support/raw-frames.js'
import { until } from './support/remote.js'

const h2c = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' }

void t.test('away from the path of WebSockets, a request is answered as if it asked for no upgrade', async (t) => {
  const { chat, url } = await startLiveChat(t)
  const warnings: Error[] = []
  const note = (warning: Error) => warnings.push(warning)
  process.on('warning', note)
  t.teardown(() => process.off('warning', note))
  for (const [username, headers] of [
    ['alice', asking],
    ['bob', h2c],
  ] as const) {
    const client = await RawClient.open(t, url, request('POST', '/register', headers, { username }))
    t.match(await client.answer(), { status: 200, body: { username } })
    for (let count = 0; count < 15; count++) {
      client.write(request('GET', '/online', headers))
      t.match(await client.answer(), { status: 200, body: { status: 'success' } })
    }
    const text = request('POST', '/send', headers, { sender: username, recipient: username, message: 'in two parts' })
    client.write(text.slice(0, -9))
    client.write(text.slice(-9))
    t.match(await client.answer(), { status: 200, body: { message_id: Number } })
    for (const [method, path, status] of [
      ['POST', '/ws', 405],
      ['GET', '/ws/', 404],
      ['GET', '/nothing', 404],
      ['HEAD', '/ws', 405],
    ] as const) {
      client.write(request(method, path, headers))
      t.equal((await client.answer({ hasBody: method !== 'HEAD' })).status, status, `${method} ${path}`)
    }
  }
  t.same(warnings, [])
  t.equal(connectionsOf(chat), 0)
})

void t.test('what asks for a WebSocket and is no handshake is told so in the words of the catalogue', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const version = { 'sec-websocket-version': '13' }
  for (const [headers, status, code, said] of [
    [{ 'Sec-WebSocket-Key': undefined }, 400, 'bad_request', {}],
    [{ 'Sec-WebSocket-Key': 'short' }, 400, 'bad_request', {}],
    [{ 'Sec-WebSocket-Protocol': ',,' }, 400, 'bad_request', {}],
    [{ 'Sec-WebSocket-Version': '8' }, 426, 'upgrade_required', version],
    [{ 'Sec-WebSocket-Version': undefined }, 426, 'upgrade_required', version],
    [{ Upgrade: 'h2c' }, 426, 'upgrade_required', { upgrade: 'websocket' }],
    [{ Upgrade: undefined }, 426, 'upgrade_required', { upgrade: 'websocket' }],
    [{ 'Content-Length': '2' }, 426, 'upgrade_required', { upgrade: 'websocket' }],
    [{ Connection: undefined }, 426, 'upgrade_required', { upgrade: 'websocket' }],
  ] as const) {
    const client = await RawClient.open(t, url, handshake('alice', headers))
    t.match(await client.answer(), { status, headers: said, body: { status: 'fail', code } }, JSON.stringify(headers))
    if (!('upgrade' in said)) await client.closed()
    client.socket.destroy()
  }
  t.equal(connectionsOf(chat), 0)
  await until(async () => (await openSockets(chat)) === 0)
})

void t.test('a subprotocol that is not spoken is not agreed to', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  for (const [asked, agreed] of [
    ['chatroom', 'chatroom'],
    ['mqtt, chatroom', 'chatroom'],
    ['mqtt', undefined],
    ['Chatroom, mqtt', undefined],
  ] as const) {
    const client = await RawClient.open(t, url, handshake('alice', { 'Sec-WebSocket-Protocol': asked }))
    const [, said] = /^sec-websocket-protocol: (.*)\r$/im.exec(await client.head()) ?? []
    t.equal(said, agreed, asked)
    t.match(await client.json(), { type: 'hello' })
    client.socket.destroy()
  }
})

void t.test('a WebSocket is asked for at its address in whatever form', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const bob = request('POST', 'http://chat.example/register', {}, { username: 'bob' })
  t.match(await (await RawClient.open(t, url, bob)).answer(), { status: 200 }, 'as other requests')
  for (const target of ['http://chat.example/ws', 'https://chat.example:8443/ws', 'HTTP://chat.example/ws']) {
    const client = await RawClient.open(t, url, handshake('alice').replace('/ws', target))
    t.match(await client.head(), /^HTTP\/1\.1 101 /, target)
    client.socket.destroy()
  }
  for (const target of ['ftp://chat.example/ws', 'http:///ws', 'http://chat.example/online', '//chat.example/ws']) {
    const client = await RawClient.open(t, url, handshake('alice').replace('/ws', target))
    t.notMatch(await client.head(), /^HTTP\/1\.1 101 /, target)
    client.socket.destroy()
  }
  await nobodyLeft(chat)
})

void t.test('a handshake without Host, or of HTTP/1.0, opens no WebSocket', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const lacksHost = handshake('alice', { Host: undefined })
  const old = handshake('alice').replace('HTTP/1.1', 'HTTP/1.0')
  for (const [asked, status, code] of [
    [lacksHost, 400, 'bad_request'],
    [old, 426, 'upgrade_required'],
    [lacksHost.replace('HTTP/1.1', 'HTTP/1.0'), 426, 'upgrade_required'],
  ] as const) {
    const client = await RawClient.open(t, url, asked)
    t.match(await client.answer(), { status, body: { code } })
    client.socket.destroy()
  }
  t.equal(connectionsOf(chat), 0)
  await until(async () => (await openSockets(chat)) === 0)
})

void t.test('an event stream begins when what was asked for before it on the connection is answered', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const poll = request('GET', '/messages?username=alice&wait=60')
  const client = await RawClient.open(t, url, poll + request('GET', '/events?username=alice'))
  await until(() => countsOf(chat)['listeners'] === 1)
  t.equal(connectionsOf(chat), 0, 'the poll holds the stream up')
  await chat.send('alice', 'alice', 'Hello')
  t.match((await client.answer()).body, { messages: [{ message: 'Hello' }] })
  t.match(await client.head(), /^HTTP\/1\.1 200 OK.*text\/event-stream/s)
  t.match(await client.text(/"hello"/), /^c\r\nretry: \d{4}\n\r\n[0-9a-f]+\r\nid: /)
})

void t.test('what waits for its turn on a connection that is gone is not begun', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const poll = request('GET', '/messages?username=alice&wait=60')
  const register = request('POST', '/register', {}, { username: 'bob' })
  for (const how of ['destroy', 'end', 'resetAndDestroy'] as const) {
    const client = await RawClient.open(t, url, poll + request('GET', '/events?username=alice') + register)
    await until(() => countsOf(chat)['listeners'] === 1)
    client.socket[how]()
    await nobodyLeft(chat)
    client.socket.destroy()
  }
  await until(async () => (await openSockets(chat)) === 0)
  t.same(await chat.online(), ['alice'])
  t.equal(connectionsOf(chat), 0)
})

void t.test('behind an event stream nothing is done, and many who ask end it', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const stream = request('GET', '/events?username=alice')
  const client = await RawClient.open(t, url, stream + request('POST', '/register', {}, { username: 'bob' }))
  await client.text(/"hello"/)
  client.write(request('GET', '/online').repeat(1000))
  await client.closed()
  t.same(await chat.online(), ['alice'])
  await nobodyLeft(chat)
})

void t.test('a stream comes in chunks where its head says so, whatever version was asked for', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  for (const [version, headers] of [
    ['1.0', {}],
    ['1.0', { TE: 'chunked' }],
    ['1.1', {}],
    ['2.0', {}],
  ] as const) {
    const asked = request('GET', '/events?username=alice', { Accept: 'text/event-stream', ...headers })
    const client = await RawClient.open(t, url, asked.replace('HTTP/1.1', `HTTP/${version}`))
    const isChunked = /^transfer-encoding: chunked/im.test(await client.head())
    t.match(await client.text(/"hello"/), isChunked ? /^[0-9a-f]+\r\nretry: / : /^retry: /, `HTTP/${version}`)
    client.socket.destroy()
  }
  await nobodyLeft(chat)
})

void t.test('a WebSocket is not opened behind what is not answered', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const client = await RawClient.open(t, url, request('GET', '/messages?username=alice&wait=60') + handshake('alice'))
  await client.closed()
  await nobodyLeft(chat)
  await until(async () => (await openSockets(chat)) === 0)
})

void t.test('what is sent before the handshake is answered is heard after it', async (t) => {
  const { chat, url } = await startLiveChat(t)
  await chat.register('alice')
  const said = jsonFrame({ type: 'ping', client_id: 'early' })
  const client = await RawClient.open(t, url, Buffer.concat([Buffer.from(handshake('alice')), said]))
  t.match(await client.head(), /^HTTP\/1\.1 101 /)
  t.match(await client.json(), { type: 'hello' })
  t.match(await client.json(), { type: 'ack', client_id: 'early' })
})

void t.test('however a connection ends, nothing of it stays', async (t) => {
  const { chat, url } = await startLiveChat(t, { CHATROOM_USER_CONNECTIONS: 2 })
  await chat.register('alice')
  await chat.createRoom('alice', [])
  const stream = request('GET', '/events?username=alice')
  const { event_id: cursor } = (await chat.get('/events', { username: 'alice', wait: 0 })).body
  const poll = request('GET', `/events?username=alice&last_event_id=${String(cursor)}&wait=60`)
  const ends: Record<string, (client: RawClient) => void> = {
    'is reset': ({ socket }) => socket.resetAndDestroy(),
    'says that nothing more comes': ({ socket }) => socket.end(),
    'is destroyed': ({ socket }) => socket.destroy(),
  }
  const leave = clientFrame(Buffer.from([3, 232]), { opcode: 8 })
  for (const [how, end] of Object.entries({
    ...ends,
    'is closed by its peer': (client: RawClient) => {
      client.write(leave)
      client.socket.end()
    },
    'is closed by its peer, which is gone at once': (client: RawClient) => {
      client.write(leave)
      client.socket.resetAndDestroy()
    },
    'breaks amidst a frame': (client: RawClient) => {
      client.write(clientFrame('{', { length: 1000 }))
      client.socket.resetAndDestroy()
    },
  }))
    for (const first of how in ends ? [handshake('alice'), stream, poll] : [handshake('alice')]) {
      const client = await RawClient.open(t, url, first)
      await until(() => connectionsOf(chat) === 1)
      end(client)
      await nobodyLeft(chat)
      client.socket.destroy()
    }
  await until(async () => (await openSockets(chat)) === 0)
  t.equal(liveOf(chat.app.chat)['presence']['leases'].size, 1, 'she has been there lately')
})

void t.test('a handshake that never ends holds no place among live connections, and is cut off', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  // In production these are half a minute.
  Object.assign(chat.app.server, { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 50 })
  const url = await chat.app.listen({ host: '127.0.0.1', port: 0 })
  const begun = handshake('alice').slice(0, -2)
  const [silent, half] = [await RawClient.open(t, url), await RawClient.open(t, url, begun)]
  const [server, trickling] = await Promise.all([
    once(chat.app.server, 'connection').then(([socket]) => socket as Socket),
    RawClient.open(t, url, `${begun}X: `),
  ])
  while (!trickling.isClosed) {
    const { bytesRead } = server
    trickling.write('x')
    await until(() => server.bytesRead > bytesRead || trickling.isClosed)
  }
  for (const client of [silent, half, trickling]) {
    t.match(await client.answer(), { status: 408, body: { code: 'request_timeout' } })
    client.socket.end()
  }
  t.equal(connectionsOf(chat), 0)
  await until(async () => (await openSockets(chat)) === 0)
})
