import { once } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import t, { type Test } from 'tap'
import type { Event } from '../schemas/events.js'
import { openWebSocket, transports, type Listener, type Transport } from './support/listener.js'
import { startLiveChat, type LiveChat } from './support/live-chat.js'
import { until } from './support/remote.js'

/** So short that a test need not wait, and so long that what belongs together is told together. */
const presenceTimes = { grace: 300, gather: 100, gatherLarge: 300 }
const grace = { ...presenceTimes, grace: 60_000 }

const [webSocket] = transports as [Transport]

async function connect(t: Test, { url }: LiveChat, username: string, transport = webSocket): Promise<Listener> {
  const listener = transport.open(t, url, { username })
  await listener.next('hello')
  return listener
}

/** The next that is told of a user. */
async function presenceOf(listener: Listener, username: string): Promise<string> {
  for (;;) {
    const { users } = await listener.next('presence')
    const change = users.find((user) => user.username === username)
    if (change) return change.presence
  }
}

const present = async ({ chat }: LiveChat): Promise<unknown> => (await chat.get('/online')).body['presence']

/** Waits until a node that is asked knows it: another one may, before. */
const shows = (live: LiveChat, names: readonly string[]): Promise<void> =>
  until(async () => isDeepStrictEqual(await present(live), names))

for (const transport of transports)
  void t.test(`${transport.name}: who listens is connected, and some time after not`, async (t) => {
    const live = await startLiveChat(t, {}, { presenceTimes })
    for (const username of ['alice', 'bob', 'carol']) await live.chat.register(username)
    await live.chat.createRoom('alice', ['bob'])
    const alice = await connect(t, live, 'alice')
    await shows(live, ['alice'])
    const bob = await connect(t, live, 'bob', transport)
    t.equal(await presenceOf(alice, 'bob'), 'connected')
    await shows(live, ['alice', 'bob'])
    bob.close()
    t.equal(await presenceOf(alice, 'bob'), 'disconnected')
    await shows(live, ['alice'])
    t.same(await live.chat.online(), ['alice', 'bob', 'carol'], 'who is online is as it was')
  })

for (const transport of transports)
  void t.test(`${transport.name}: whoever connects is told who is connected now`, async (t) => {
    const live = await startLiveChat(t, {}, { presenceTimes })
    const crowd = Array.from({ length: 101 }, (_, number) => `member ${number}`)
    for (const username of ['alice', 'bob', 'carol', 'dora', ...crowd]) await live.chat.register(username)
    await live.chat.createRoom('alice', ['bob'])
    await live.chat.send('carol', 'alice', 'Hi')
    const large = await live.chat.createRoom('alice', crowd)
    const bob = await connect(t, live, 'bob')
    for (const username of ['carol', 'dora']) await connect(t, live, username)
    const member = await connect(t, live, 'member 7')
    t.match(await member.next('presence'), { room_id: large, connected: 1 })
    const hello = async () => {
      const listener = transport.open(t, live.url, { username: 'alice' })
      const { connected, rooms } = await listener.next('hello')
      listener.close()
      return { connected: connected.toSorted(), rooms }
    }
    await until(async () => {
      const { connected, rooms } = await hello()
      // Whoever asks again is a member, too, and has been there.
      return isDeepStrictEqual(connected, ['bob', 'carol']) && rooms.some(({ room_id }) => room_id === large)
    })
    bob.close()
    await until(async () => !((await present(live)) as string[]).includes('bob'))
    await until(async () => isDeepStrictEqual((await hello()).connected, ['carol']))
  })

void t.test('who is in touch with a guest hears that it has gone', async (t) => {
  const live = await startLiveChat(t, {}, { presenceTimes })
  for (const username of ['alice', 'bob']) await live.chat.register(username)
  await live.chat.send('alice', 'bob', 'Hi')
  const alice = await connect(t, live, 'alice')
  await connect(t, live, 'bob')
  t.equal(await presenceOf(alice, 'bob'), 'connected')
  await live.chat.logout('bob')
  t.equal(await presenceOf(alice, 'bob'), 'disconnected')
})

void t.test('who comes back soon has not been away', async (t) => {
  const live = await startLiveChat(t, {}, { presenceTimes: grace })
  for (const username of ['alice', 'bob', 'carol']) await live.chat.register(username)
  await live.chat.createRoom('alice', ['bob', 'carol'])
  const alice = await connect(t, live, 'alice')
  const bob = await connect(t, live, 'bob')
  t.equal(await presenceOf(alice, 'bob'), 'connected')
  bob.close()
  await bob.ended()
  await shows(live, ['alice', 'bob'])
  await connect(t, live, 'bob')
  await connect(t, live, 'carol')
  t.equal(await presenceOf(alice, 'carol'), 'connected')
  const told = alice.seen.filter((event) => event.type === 'presence').flatMap(({ users }) => users)
  t.equal(told.filter(({ username }) => username === 'bob').length, 1, 'bob was told once')
})

void t.test('presence is told to those who share a room or have exchanged messages, and to nobody else', async (t) => {
  const live = await startLiveChat(t, {}, { presenceTimes })
  for (const username of ['alice', 'bob', 'carol', 'dora']) await live.chat.register(username)
  await live.chat.createRoom('alice', ['bob'])
  await live.chat.send('carol', 'alice', 'Hello')
  const [bob, carol, dora] = [
    await connect(t, live, 'bob'),
    await connect(t, live, 'carol'),
    await connect(t, live, 'dora'),
  ]
  const alice = await connect(t, live, 'alice')
  t.equal(await presenceOf(bob, 'alice'), 'connected')
  t.equal(await presenceOf(carol, 'alice'), 'connected')
  alice.close()
  t.equal(await presenceOf(bob, 'alice'), 'disconnected')
  t.equal(await presenceOf(carol, 'alice'), 'disconnected')
  await live.chat.send('bob', 'dora', 'the last')
  t.same(await dora.texts(1), ['the last'])
  const strangers = dora.seen.flatMap((event: Event) => (event.type === 'presence' ? event.users : []))
  t.notOk(strangers.some(({ username }) => username === 'alice'))
})

void t.test('who is in the same room and the same conversation is told once', async (t) => {
  const live = await startLiveChat(t, {}, { presenceTimes })
  for (const username of ['alice', 'bob']) await live.chat.register(username)
  await live.chat.createRoom('alice', ['bob'])
  await live.chat.send('alice', 'bob', 'Hello')
  const bob = await connect(t, live, 'bob')
  const alice = await connect(t, live, 'alice')
  t.equal(await presenceOf(bob, 'alice'), 'connected')
  alice.close()
  t.equal(await presenceOf(bob, 'alice'), 'disconnected')
  const told = bob.seen.flatMap((event: Event) => (event.type === 'presence' ? event.users : []))
  t.equal(told.filter(({ username }) => username === 'alice').length, 2)
})

void t.test('when all members of a large room come back, each is told a number now and then', async (t) => {
  const members = 150
  const live = await startLiveChat(
    t,
    { CHATROOM_ADDRESS_CONNECTIONS: 1000 },
    { presenceTimes: { ...grace, gatherLarge: 400 } },
  )
  const names = Array.from({ length: members }, (_, index) => `user${index}`)
  for (const username of ['alice', ...names]) await live.chat.register(username)
  const room = await live.chat.createRoom('alice', names)
  const alice = await connect(t, live, 'alice')
  await Promise.all(names.map((username) => connect(t, live, username)))
  for (;;) {
    const { room_id, connected, users } = await alice.next('presence')
    t.match({ room_id, users }, { room_id: room, users: [] })
    if (connected === members + 1) break
  }
  const told = alice.seen.filter(({ type }) => type === 'presence').length
  t.ok(told < 20, `${told} events for ${members} members`)
})

void t.test('typing is told to the others in the conversation, and is over by itself', async (t) => {
  const live = await startLiveChat(t)
  const { chat, url } = live
  for (const username of ['alice', 'bob', 'carol', 'dora']) await chat.register(username)
  const room = await chat.createRoom('alice', ['bob', 'carol'])
  const alice = openWebSocket(t, url, { username: 'alice' })
  const [bob, carol, dora] = [
    await connect(t, live, 'bob'),
    await connect(t, live, 'carol'),
    await connect(t, live, 'dora'),
  ]
  await alice.listener.next('hello')
  alice.webSocket.send(JSON.stringify({ type: 'typing', recipient: room, client_id: 'one' }))
  t.same(await alice.answer(), { type: 'ack', client_id: 'one' })
  for (const member of [bob, carol])
    t.match(await member.next('typing'), { username: 'alice', recipient: room, seconds: 6, at: /Z$/ })
  const { body } = await chat.post('/conversations/dora/typing', { username: 'alice' })
  t.equal(body['status'], 'success')
  t.match(await dora.next('typing'), { username: 'alice', recipient: 'dora' })
  await chat.send('bob', room, 'the last')
  await alice.listener.texts(1)
  t.notOk(
    alice.listener.seen.some(({ type }) => type === 'typing'),
    'not to who is typing',
  )
  const again = webSocket.open(t, url, {
    username: 'bob',
    lastEventId: bob.seen[0]?.type === 'hello' ? bob.seen[0].event_id : '',
  })
  await again.texts(1)
  t.notOk(
    again.seen.some(({ type }) => type === 'typing'),
    'and it is kept nowhere',
  )
})

void t.test('typing again at once is not told, nor is more than a few in one conversation', async (t) => {
  const live = await startLiveChat(t)
  const { chat } = live
  const names = Array.from({ length: 20 }, (_, index) => `user${index}`)
  for (const username of ['alice', ...names]) await chat.register(username)
  const room = await chat.createRoom('alice', names)
  const alice = await connect(t, live, 'alice')
  const start = performance.now()
  for (let time = 0; time < 5; time++)
    for (const username of names) await chat.post(`/conversations/${room}/typing`, { username })
  const seconds = (performance.now() - start) / 1000
  await chat.send('user1', room, 'the last')
  await alice.texts(1)
  const told = alice.seen.filter(({ type }) => type === 'typing').length
  t.ok(told >= 5 && told <= 5 * (Math.floor(seconds) + 1), `${told} were told in ${seconds} s`)
})

void t.test('nobody types where it may not speak', async (t) => {
  const { chat, url } = await startLiveChat(t)
  for (const username of ['alice', 'bob']) await chat.register(username)
  const room = await chat.createRoom('alice', [])
  const { webSocket, answer } = openWebSocket(t, url, { username: 'bob' })
  await once(webSocket, 'open')
  for (const [recipient, code] of [
    [room, 'not_a_member'],
    ['room_9', 'room_not_found'],
    ['nobody', 'user_not_found'],
  ] as const) {
    t.match((await chat.post(`/conversations/${recipient}/typing`, { username: 'bob' })).body, { code })
    webSocket.send(JSON.stringify({ type: 'typing', recipient }))
    t.match(await answer(), { type: 'error', code })
  }
})
