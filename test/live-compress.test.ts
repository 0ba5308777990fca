import { deflateRawSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { nobodyLeft } from './support/left-behind.js'
import { startLiveChat, type LiveChat } from './support/live-chat.js'
import { hello } from './support/live-suite.js'
import { openWebSocket } from './support/listener.js'
import { RawClient } from './support/raw-client.js'
import { clientFrame, handshake } from './support/raw-frames.js'
import { until } from './support/remote.js'
import { hearOut, isBlocked, longMessages, noise, openings, openSlow } from './support/slow.js'

const offer = (parameters = ''): Record<string, string> => ({
  'Sec-WebSocket-Extensions': `permessage-deflate${parameters}`,
})
const threshold = 500
const compressing = { CHATROOM_LIVE_COMPRESS: threshold }

async function connect(t: Test, { url }: LiveChat, headers: Record<string, string>): Promise<[RawClient, string]> {
  const client = await RawClient.open(t, url, handshake('bob', headers))
  const head = await client.head()
  t.match(head, /^HTTP\/1\.1 101 /)
  t.match(await client.json(), { type: 'hello' })
  return [client, head]
}

/** RFC 7692 section 7.2.3.6: an empty block stands for the end that each message has. */
const deflated = (bytes: Buffer | string): Buffer => Buffer.concat([deflateRawSync(bytes), Buffer.from([0])])

void t.test('nothing is compressed unless both sides want it', async (t) => {
  const off = await startLiveChat(t)
  const on = await startLiveChat(t, compressing)
  for (const [live, headers, isAgreed] of [
    [off, offer(), false],
    [off, offer('; client_max_window_bits'), false],
    [on, {}, false],
    [on, { 'Sec-WebSocket-Extensions': 'permessage-other' }, false],
    [on, offer(), true],
  ] as const) {
    await live.chat.register('alice')
    await live.chat.register('bob')
    const [client, head] = await connect(t, live, headers)
    t.equal(/sec-websocket-extensions: permessage-deflate/i.test(head), isAgreed)
    for (const text of ['short', 'long '.repeat(threshold)]) {
      await live.chat.send('alice', 'bob', text)
      t.equal((await client.frame()).isCompressed, isAgreed && text !== 'short')
    }
    client.socket.destroy()
    await live.chat.logout('alice')
    await live.chat.logout('bob')
    await nobodyLeft(live.chat)
  }
  const bad = await RawClient.open(t, on.url, handshake('bob', offer('; server_max_window_bits=99')))
  t.match(await bad.answer(), { status: 404 })
  await on.chat.register('bob')
  const worse = await RawClient.open(t, on.url, handshake('bob', offer('; server_max_window_bits=99')))
  t.match(await worse.answer(), { status: 400, body: { code: 'bad_request' } })
  await nobodyLeft(on.chat)
})

void t.test('what is compressed comes right, in order, and so does what is missed', async (t) => {
  const { chat, url } = await startLiveChat(t, compressing)
  for (const username of ['alice', 'bob']) await chat.register(username)
  const first = openWebSocket(t, url, { username: 'bob' })
  await hello(first.listener)
  const texts = Array.from({ length: 300 }, (_, number) => `${number} ${'ü💬x'.repeat(number)}`)
  const alice = openWebSocket(t, url, { username: 'alice' })
  await hello(alice.listener)
  for (const [number, message] of texts.entries()) {
    alice.webSocket.send(JSON.stringify({ type: 'send', recipient: 'bob', message, client_id: `${number}` }))
    if (number === 9) t.same(await first.listener.texts(10), texts.slice(0, 10))
  }
  for (const number of texts.keys()) t.match(await alice.answer(), { type: 'ack', client_id: `${number}` })
  t.same(await first.listener.texts(290), texts.slice(10))
  const { event_id: cursor } = (first.listener.seen as { event_id?: string; message?: { message: string } }[]).find(
    ({ message }) => message?.message === texts[9],
  ) as { event_id: string }
  const again = openWebSocket(t, url, { username: 'bob', lastEventId: cursor })
  t.same(await again.listener.texts(290), texts.slice(10))
})

void t.test('pings amidst what a slow reader has missed do not hold it up', async (t) => {
  const live = await startLiveChat(t, longMessages)
  const { chat } = live
  for (const username of ['alice', 'bob']) await chat.register(username)
  const { event_id: cursor } = (await chat.get('/events', { username: 'bob', wait: 0 })).body
  const sent = Array.from({ length: 150 }, noise)
  for (const text of sent) await chat.send('alice', 'bob', text)
  const slow = await openSlow(t, live, openings['compressed WebSocket'](`bob&last_event_id=${String(cursor)}`))
  await until(() => isBlocked(chat, slow.server))
  slow.client.socket.on('data', () => slow.client.write(clientFrame('', { opcode: 9 })))
  const bye = chat.send('alice', 'bob', 'bye')
  t.same((await hearOut(slow, false, 'bye')).texts, [...sent, 'bye'])
  await bye
})

void t.test('a few bytes that would be many are not unpacked', async (t) => {
  const live = await startLiveChat(t, compressing)
  await live.chat.register('bob')
  const packed = deflated(Buffer.alloc(200_000_000, ' '))
  t.ok(packed.length < 250_000, `${packed.length} bytes, which are few enough`)
  const before = process.resourceUsage().maxRSS
  const half = packed.length / 2
  const bomb = clientFrame(packed, { reserved: 4 })
  const inParts = Buffer.concat([
    clientFrame(packed.subarray(0, half), { reserved: 4, isLast: false }),
    clientFrame(packed.subarray(half), { opcode: 0 }),
  ])
  const bombs = [bomb, bomb, bomb, bomb, inParts]
  const clients = await Promise.all(bombs.map(() => connect(t, live, offer())))
  for (const [number, [client]] of clients.entries()) client.write(bombs[number] ?? '')
  for (const [client] of clients) {
    t.equal(await client.closeCode(), 1009)
    client.socket.end()
  }
  t.ok(process.resourceUsage().maxRSS - before < 200_000, 'in kilobytes')
  const [client] = await connect(t, live, offer())
  client.write(clientFrame(Buffer.from([0x06, 0xff, 0xff]), { reserved: 4 }))
  t.equal(await client.closeCode(), 1007, 'what is not compressed at all')
  client.socket.end()
  await nobodyLeft(live.chat)
})
