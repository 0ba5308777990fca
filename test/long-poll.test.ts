import t from 'tap'
import { fails, startChat } from './support/chat.js'
import { countsOf, nobodyLeft } from './support/left-behind.js'
import { startLiveChat } from './support/live-chat.js'
import { get, until } from './support/remote.js'

void t.test('a long poll is answered as soon as there is a message', async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob']) await chat.register(name)
  const room = await chat.createRoom('alice', ['bob'])
  const first = chat.poll('bob', 1, { wait: 60 })
  const second = chat.poll('bob', 1, { wait: 60 })
  await chat.send('alice', room, 'to the room')
  t.match(
    [await first, await second],
    [{ messages: [{ message: 'to the room' }] }, { messages: [{ message: 'to the room' }] }],
  )
  const direct = chat.poll('bob', 2, { wait: 60 })
  await chat.send('alice', 'alice', 'not for bob')
  await chat.send('alice', 'bob', 'direct')
  t.match(await direct, { messages: [{ message: 'direct' }], last_id: 4 })
})

void t.test('a long poll hears of a room that is created meanwhile, and not of one that is left', async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob']) await chat.register(name)
  const joined = chat.poll('bob', 0, { wait: 60 })
  const room = await chat.createRoom('alice', ['bob'])
  t.match(await joined, { messages: [{ sender: 'server', recipient: room }] })
  const left = chat.poll('bob', 1, { wait: 1 })
  await chat.leaveRoom('bob', room)
  await chat.send('alice', room, 'bob is gone')
  t.match(await left, { messages: [], last_id: 1 })
})

void t.test('a long poll ends empty when the time is over', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const start = performance.now()
  t.match(await chat.poll('alice', 0, { wait: 1 }), { messages: [], last_id: 0, has_more: false })
  const elapsed = performance.now() - start
  t.ok(elapsed >= 1000, `${elapsed} ms`)
})

void t.test('a long poll is held for 45 seconds at most, whatever it asks for', async (t) => {
  const now = performance.now.bind(performance)
  let skippedMs = 0
  performance.now = () => now() + skippedMs
  t.teardown(() => (performance.now = now))
  const { chat, url } = await startLiveChat(t)
  for (const name of ['alice', 'bob']) await chat.register(name)
  const { event_id: cursor } = (await chat.get('/events', { username: 'alice', wait: 0 })).body
  const empty = { '/messages': { messages: [] }, '/events': { events: [] } }
  for (const [path, body] of Object.entries(empty)) {
    const query = path === '/events' ? `&last_event_id=${String(cursor)}` : ''
    const ask = (username: string, wait: number) => get(url, `${path}?username=${username}&wait=${wait}${query}`)
    let isAnswered = false
    const longest = ask('alice', 60).finally(() => (isAnswered = true))
    for (const [seconds, isOver] of [
      [43, false],
      [3, true],
    ] as const) {
      const shorter = ask('bob', seconds)
      await until(() => countsOf(chat)['listeners'] === 2)
      skippedMs += seconds * 1000
      t.match(await shorter, { status: 200, body })
      await get(url, '/health')
      t.equal(isAnswered, isOver, path)
    }
    t.match(await longest, { status: 200, body })
  }
})

void t.test('a long poll asks again who may: it ends with the session or the guest', async (t) => {
  const chat = await startChat(t)
  const token = await chat.register('alice', 'long enough')
  await chat.register('guest')
  const account = chat.get('/messages', { username: 'alice', wait: 60 }, token)
  const guest = chat.get('/messages', { username: 'guest', wait: 60 })
  await chat.get('/health')
  await chat.logout('alice', token)
  await chat.logout('guest')
  await fails(t, account, 401, 'invalid_token')
  await fails(t, guest, 404, 'user_not_found')
})

void t.test('nothing is left of a guest who goes while a poll waits', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  await chat.register('bob')
  for (let count = 0; count < 3; count++) await chat.createRoom('alice', ['bob'])
  const waiting = chat.get('/messages', { username: 'bob', last_id: 3, wait: 60 })
  await chat.get('/health')
  t.equal(countsOf(chat)['listeners of rooms'], 3)
  await chat.logout('bob')
  await fails(t, waiting, 404, 'user_not_found')
  await nobodyLeft(chat)
  t.pass('no room is listened to')
})

void t.test('polls that wait are connections of their user, of which there may be so many', async (t) => {
  const chat = await startChat(t, { CHATROOM_USER_CONNECTIONS: 2 })
  for (const name of ['alice', 'bob']) await chat.register(name)
  const waiting = [1, 2].map(() => chat.poll('alice', 0, { wait: 60 }))
  await chat.get('/health')
  await fails(t, chat.get('/messages', { username: 'alice', wait: 60 }), 429, 'too_many_connections')
  t.match(await chat.poll('alice'), { messages: [] }, 'who does not wait is answered')
  await chat.send('bob', 'alice', 'Hi')
  for (const poll of waiting) t.match(await poll, { messages: [{ message: 'Hi' }] })
  await nobodyLeft(chat)
})

void t.test('polls that wait are answered when the server closes', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const waiting = chat.poll('alice', 0, { wait: 60 })
  await chat.get('/health')
  await chat.app.close()
  t.match(await waiting, { messages: [], last_id: 0 })
})
