import t from 'tap'
import { RequestWindows } from '../src/http/request-windows.js'
import type { Event } from '../schemas/events.js'
import { liveOf } from './support/open-chat.js'
import { countsOf, nobodyLeft } from './support/left-behind.js'
import { startLiveChat } from './support/live-chat.js'
import { hello } from './support/live-suite.js'
import { openWebSocket } from './support/listener.js'
import { RawClient } from './support/raw-client.js'
import { handshake } from './support/raw-frames.js'
import { until } from './support/remote.js'
import { isBlocked, longMessages, noise, openings, openSlow, type Slow } from './support/slow.js'

const ofType = <T extends Event['type']>(events: readonly Event[], type: T) =>
  events.filter((event): event is Extract<Event, { type: T }> => event.type === type)

const typing = (recipient: string): string => JSON.stringify({ type: 'typing', recipient })

/** What looks like a token, or like a cursor. */
const letters = (number: number): string => number.toString(36).padStart(43, 'x')

void t.test('who comes and goes without end is told of once', async (t) => {
  const presenceTimes = { grace: 500, gather: 50, gatherLarge: 100 }
  const live = await startLiveChat(t, {}, { presenceTimes })
  const { chat, url } = live
  for (const username of ['alice', 'bob']) await chat.register(username)
  await chat.createRoom('alice', ['bob'])
  const alice = await hello(openWebSocket(t, url, { username: 'alice' }).listener)
  const before = alice.seen.length
  const start = performance.now()
  for (let count = 0; count < 100; count++) {
    const client = await RawClient.open(t, url, handshake('bob'))
    await client.head()
    client.socket.resetAndDestroy()
    await until(() => countsOf(chat)['connections'] === 1)
  }
  const most = 2 + Math.floor((performance.now() - start) / presenceTimes.grace)
  for (;;) if ((await alice.next('presence')).users.some(({ presence }) => presence === 'disconnected')) break
  const told = ofType(alice.seen.slice(before), 'presence').flatMap(({ users }) => users)
  t.ok(told.filter(({ username }) => username === 'bob').length <= most)
  t.equal(liveOf(chat.app.chat)['presence']['leases'].size, 1)
})

void t.test('a flood of typing is little for those who are told, and none of it stays', async (t) => {
  const { chat, url } = await startLiveChat(t)
  const crowd = Array.from({ length: 20 }, (_, number) => `guest ${number}`)
  for (const username of ['alice', 'mallory', ...crowd]) await chat.register(username)
  const room = await chat.createRoom('alice', crowd)
  const alice = openWebSocket(t, url, { username: 'alice' })
  await hello(alice.listener)
  const clients = crowd.map((username) => openWebSocket(t, url, { username }))
  const mallory = openWebSocket(t, url, { username: 'mallory' })
  for (const { listener } of [...clients, mallory]) await hello(listener)
  const start = performance.now()
  for (let count = 0; count < 20; count++) {
    for (const { webSocket } of clients) {
      webSocket.send(typing(room))
      webSocket.send(typing('alice'))
    }
    for (const recipient of [room, `room_99${count}`, `nobody ${count}`]) mallory.webSocket.send(typing(recipient))
    const { status } = await chat.post(`/conversations/${room}/typing`, { username: 'mallory' })
    t.equal(status, 403)
  }
  for (const { answer } of clients) for (let count = 0; count < 40; count++) t.match(await answer(), { type: 'ack' })
  for (let count = 0; count < 60; count++) t.match(await mallory.answer(), { type: 'error' })
  const seconds = (performance.now() - start) / 1000
  await chat.send('alice', 'alice', 'the end')
  await alice.listener.texts(1)
  const told = ofType(alice.listener.seen, 'typing')
  t.ok(told.length >= 2 && told.length <= 2 * 5 * (Math.ceil(seconds) + 1), `${told.length} in ${seconds} s`)
  t.notOk(told.some(({ username }) => username === 'mallory'))
  const { latest, counts } = liveOf(chat.app.chat)['typing'] as unknown as Record<
    string,
    { young: Map<string, unknown> }
  >
  t.same([...(counts?.young.keys() ?? [])], ['room 1', 'user 1'])
  t.ok((latest?.young.size ?? 0) <= told.length)
})

void t.test('strangers leave nothing behind', async (t) => {
  const settings = { CHATROOM_TRUST_PROXY: '127.0.0.1', CHATROOM_HANDSHAKE_RATE: 10_000 }
  const { chat } = await startLiveChat(t, settings)
  await chat.register('alice')
  for (let number = 0; number < 300; number++) {
    const tries = [
      `username=guest${number}`,
      `access_token=${letters(number)}`,
      `username=alice&last_event_id=a-${number}`,
    ]
    const headers = { 'x-forwarded-for': `${'x'.repeat(9000)}${number}`, 'last-event-id': letters(number) }
    const answers = tries.map((query) => chat.app.inject({ url: `/events?wait=0&${query}`, headers }))
    const statuses = (await Promise.all(answers)).map(({ statusCode }) => statusCode)
    t.same(statuses, [404, 401, 200])
  }
  await nobodyLeft(chat)
  const { windows } = chat.app.live['admission']['handshakes']['addresses'] as unknown as Memory
  t.same(
    [...windows.young.keys()].map(({ length }) => length),
    [10],
    'whatever a proxy hands on',
  )
})

interface Memory {
  readonly windows: Record<'young' | 'old', Map<string, unknown>>
}

void t.test('of very many addresses, the oldest are forgotten', (t) => {
  const counted = new RequestWindows()
  for (let number = 0; number < 250_000; number++) counted.count(`${number}`, 60_000)
  const { young, old } = (counted as unknown as Memory).windows
  t.ok(young.size + old.size <= 200_000)
  t.end()
})

void t.test('who comes back for very much, and takes nothing, holds little', async (t) => {
  const live = await startLiveChat(t, longMessages)
  const { chat } = live
  for (const username of ['alice', 'bob']) await chat.register(username)
  const { event_id: cursor } = (await chat.get('/events', { username: 'bob', wait: 0 })).body
  for (let count = 0; count < 150; count++) await chat.send('alice', 'bob', noise())
  const slow: Slow[] = []
  for (const open of Object.values(openings))
    for (let count = 0; count < 4; count++)
      slow.push(await openSlow(t, live, open(`bob&last_event_id=${String(cursor)}`)))
  for (const { server } of slow) await until(() => isBlocked(chat, server))
  for (const { server } of slow) t.ok(server.writableLength < 2 ** 19, `${server.writableLength} bytes`)
  t.equal(countsOf(chat)['connections'], slow.length, 'they are slow, but do not hold up anybody')
  const fast = openWebSocket(t, live.url, { username: 'bob', lastEventId: String(cursor) }).listener
  t.equal((await fast.texts(150)).length, 150)
  fast.close()
  for (const { client } of slow) client.socket.destroy()
  await nobodyLeft(chat)
})
