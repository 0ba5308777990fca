import { once } from 'node:events'
import { existsSync, fstatSync } from 'node:fs'
import type { Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t, { type Test } from 'tap'
import { readSendQueues } from '../src/http/send-queues.js'
import { nobodyLeft, openSockets } from './support/left-behind.js'
import { startLiveChat, type LiveChat } from './support/live-chat.js'
import { sayMissing } from './support/missing.js'
import { RawClient } from './support/raw-client.js'
import { request } from './support/raw-frames.js'
import { until } from './support/remote.js'
import { longMessages, noise, openings } from './support/slow.js'

const mebibyte = 2 ** 20
const asksKernel = existsSync('/proc/net/tcp')

/** Somebody who reads nothing of what is asked for, with the end of the connection that the server has. */
async function openUnread(
  t: Test,
  { chat, url }: LiveChat,
  bytes: string,
): Promise<{ client: RawClient; server: Socket }> {
  const opened = once(chat.app.server, 'connection') as Promise<[Socket]>
  const client = await RawClient.open(t, url)
  client.socket.pause()
  const [server] = await opened
  client.write(bytes)
  return { client, server }
}

/** What waits for peers, in the kernel and before it, when the server has stopped to give them more. */
async function unreadOf(servers: readonly Socket[]): Promise<number> {
  for (let before = -1, rounds = 0; ; rounds++) {
    const queues = await readSendQueues()
    const kept = servers.map((server) => server.writableLength + (queues.get(numberOf(server)) ?? 0))
    const unread = kept.reduce((sum, bytes) => sum + bytes, 0)
    if (unread !== before || unread === 0) rounds = 0
    if (rounds === 300) return unread
    before = unread
  }
}

const numberOf = (server: Socket): number => {
  const { fd = -1 } = (server as { _handle?: { fd?: number } | null })['_handle'] ?? {}
  return fd < 0 ? -1 : fstatSync(fd).ino
}

/** A chat in which there are messages to bob, of so many bytes together. */
async function startFull(t: Test, bytes: number, settings: Parameters<typeof startLiveChat>[1] = {}) {
  const live = await startLiveChat(t, { ...longMessages, ...settings })
  for (const username of ['alice', 'bob']) await live.chat.register(username)
  const { event_id: cursor } = (await live.chat.get('/events', { username: 'bob', wait: 0 })).body
  for (let sent = 0; sent < bytes; sent += 100_000) await live.chat.send('alice', 'bob', noise())
  return { live, cursor: String(cursor) }
}

if (!asksKernel) sayMissing(t, 'what waits in the kernel is known on Linux only')
else {
  const page = request('GET', '/messages?username=bob&limit=4')

  void t.test('who asks for many pages at once, and reads none, holds little, and then gets all', async (t) => {
    const { live } = await startFull(t, 400_000)
    const { client, server } = await openUnread(t, live, page.repeat(16))
    const unread = await unreadOf([server])
    t.ok(unread < 2 * mebibyte, `${unread} bytes`)
    client.socket.resume()
    for (let count = 0; count < 16; count++) t.equal(((await client.answer()).body['messages'] as []).length, 4)
  })

  for (const [name, open] of Object.entries(openings))
    void t.test(`${name}: who comes back for very much, and reads nothing, holds little in the kernel`, async (t) => {
      const { live, cursor } = await startFull(t, 8 * mebibyte)
      const { client, server } = await openUnread(t, live, open(`bob&last_event_id=${cursor}`))
      const unread = await unreadOf([server])
      t.ok(unread < 2 * mebibyte, `${unread} bytes`)
      client.socket.destroy()
      await nobodyLeft(live.chat)
    })

  void t.test('what waits for one address is bounded, whoever reads goes on', async (t) => {
    const { live } = await startFull(t, 400_000, { CHATROOM_ADDRESS_UNREAD: 4 })
    const greedy: Awaited<ReturnType<typeof openUnread>>[] = []
    for (let count = 0; count < 8; count++) greedy.push(await openUnread(t, live, page.repeat(4)))
    const servers = greedy.map(({ server }) => server)
    await until(() => servers.some(({ destroyed }) => destroyed))
    const unread = await unreadOf(servers)
    t.ok(unread <= 4 * mebibyte, `${unread} bytes`)
    const reader = await RawClient.open(t, live.url)
    for (let count = 0; count < 10; count++) {
      reader.write(page)
      t.equal(((await reader.answer()).body['messages'] as []).length, 4)
    }
    for (const { client } of greedy) client.socket.destroy()
    await until(() => live.chat.app.deliveries['peers'].size === 1)
  })
}

void t.test('one address has so many connections, and a proxy that is trusted any number', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_ADDRESS_SOCKETS: 2 })
  const two = [await RawClient.open(t, live.url), await RawClient.open(t, live.url)]
  await until(async () => (await openSockets(live.chat)) === 2)
  const third = await RawClient.open(t, live.url)
  t.match(await third.answer(), { status: 429, body: { code: 'too_many_connections' } })
  await third.closed()
  two[0]?.socket.destroy()
  await until(async () => (await openSockets(live.chat)) === 1)
  const next = await RawClient.open(t, live.url, request('GET', '/online'))
  t.match(await next.answer(), { status: 200 })
  const behind = await startLiveChat(t, { CHATROOM_ADDRESS_SOCKETS: 2, CHATROOM_TRUST_PROXY: '127.0.0.1' })
  for (let count = 0; count < 5; count++) {
    const client = await RawClient.open(t, behind.url, request('GET', '/online'))
    t.match(await client.answer(), { status: 200 })
  }
})

void t.test('who asks for very much at once on one connection is cut off', async (t) => {
  const live = await startLiveChat(t)
  await live.chat.register('alice')
  const poll = request('GET', '/messages?username=alice&wait=60')
  const client = await RawClient.open(t, live.url, poll.repeat(18))
  await client.closed()
  t.equal(await openSockets(live.chat), 0)
})

void t.test('a request has half a minute to come, and is looked after each second', async (t) => {
  const { server } = (await startLiveChat(t)).chat.app
  const {
    headersTimeout,
    requestTimeout,
    connectionsCheckingInterval = Infinity,
  } = server as typeof server & {
    connectionsCheckingInterval?: number
  }
  t.same(
    { headersTimeout, requestTimeout, connectionsCheckingInterval },
    {
      headersTimeout: 30_000,
      requestTimeout: 30_000,
      connectionsCheckingInterval: 1000,
    },
  )
})

void t.test('a body that does not end is cut off, and not acted on, though its peer goes on', async (t) => {
  const live = await startLiveChat(t)
  const { server } = live.chat.app
  // In production this is half a minute.
  Object.assign(server, { requestTimeout: 200, headersTimeout: 200 })
  const text = request('POST', '/register', {}, { username: 'alice' })
  const client = await RawClient.open(t, live.url, text.slice(0, -9))
  t.match(await client.answer(), { status: 408, body: { code: 'request_timeout' } })
  client.write(text.slice(-9))
  await until(async () => (await openSockets(live.chat)) === 0)
  t.same(await live.chat.online(), [])
  await until(() => live.chat.app.deliveries['peers'].size === 0)
})

void t.test('a body costs what its length is, in however small pieces it comes', async (t) => {
  const live = await startLiveChat(t)
  const bytes = 200_000
  const before = usedHeap()
  const head = request('POST', '/register', { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' })
  const opened = once(live.chat.app.server, 'connection') as Promise<[Socket]>
  const client = await RawClient.open(t, live.url, head)
  const [server] = await opened
  client.write('1\r\n \r\n'.repeat(bytes))
  await until(() => server.bytesRead >= head.length + 6 * bytes)
  t.ok(usedHeap() - before < 4 * bytes, `${usedHeap() - before} bytes of the heap`)
  client.write('d\r\n{"username":""}\r\n0\r\n\r\n'.replace('d', 'f'))
  t.match(await client.answer(), { status: 400, body: { code: 'invalid_request' } })
})

function usedHeap(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}
