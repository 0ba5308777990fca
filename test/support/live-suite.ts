import type { Test } from 'tap'
import { closeCodes } from '../../schemas/close-codes.js'
import { startLiveChat } from './live-chat.js'
import type { Listener, Opening, Transport } from './listener.js'
import { stateOf } from './open-chat.js'

/** Brings a listener to where it is told what happens from here on. */
export async function hello(listener: Listener): Promise<Listener> {
  await listener.next('hello')
  return listener
}

/** What everybody who listens is promised, by whatever transport. */
export function liveSuite(t: Test, transport: Transport): void {
  const { name, stays } = transport
  const test = (title: string, run: (t: Test) => Promise<void>): void => void t.test(`${name}: ${title}`, run)
  const connect = (t: Test, url: string, opening: Opening) => hello(transport.open(t, url, opening))

  test('the first event says who listens, and from where on', async (t) => {
    const { chat, url } = await startLiveChat(t, { CHATROOM_HEARTBEAT: 7 })
    await chat.register('alice')
    const listener = transport.open(t, url, { username: 'ALICE' })
    const first = await listener.next('hello')
    t.match(first, { username: 'alice', heartbeat_seconds: 7, event_id: /^[\w.-]+$/, at: /Z$/ })
    t.equal(listener.seen[0], first)
  })

  test('a direct message is told to its recipient and to its sender, and to nobody else', async (t) => {
    const { chat, url } = await startLiveChat(t)
    for (const username of ['alice', 'bob', 'carol']) await chat.register(username)
    const [alice, bob, carol] = await Promise.all(
      ['alice', 'bob', 'carol'].map((username) => connect(t, url, { username })),
    )
    await chat.post('/send', { sender: 'alice', recipient: 'bob', message: 'Hello', client_id: 'one' })
    await chat.send('bob', 'carol', 'The next')
    const message = { id: 1, sender: 'alice', recipient: 'bob', message: 'Hello', sent_at: /Z$/ }
    const heard = (await bob?.next('message.created'))?.message
    t.match(heard, message)
    t.notOk(heard && 'client_id' in heard, 'the client_id is for its sender alone')
    t.match((await alice?.next('message.created'))?.message, { ...message, client_id: 'one' })
    t.same(await carol?.texts(1), ['The next'])
    t.same(await bob?.texts(1), ['The next'])
  })

  test('a message to oneself is told once', async (t) => {
    const { chat, url } = await startLiveChat(t)
    await chat.register('alice')
    const alice = await connect(t, url, { username: 'alice' })
    await chat.send('alice', 'alice', 'a note')
    await chat.send('alice', 'alice', 'another')
    t.same(await alice.texts(2), ['a note', 'another'])
  })

  test('members are told of their room, and who has left is told nothing afterwards', async (t) => {
    const { chat, url } = await startLiveChat(t)
    for (const username of ['alice', 'bob', 'carol']) await chat.register(username)
    const alice = await connect(t, url, { username: 'alice' })
    const bob = await connect(t, url, { username: 'bob' })
    const room = await chat.createRoom('alice', ['bob', 'carol'])
    t.match((await bob.next('room.created')).room, { room_id: room, admin: 'alice', member_count: 3 })
    t.match(await bob.texts(1), [/has been created/])
    await Promise.all([chat.leaveRoom('alice', room), chat.send('bob', room, 'She is gone')])
    t.match(await alice.next('member.left'), { room_id: room, username: 'alice' })
    t.match(await bob.next('member.left'), { room_id: room, username: 'alice' })
    t.match((await bob.next('room.updated')).room, { admin: 'bob', member_count: 2 })
    t.same(await bob.texts(2), ['alice has left room 1.', 'She is gone'])
    await chat.send('bob', 'alice', 'You are gone')
    t.match(await alice.next('message.created'), { message: { message: 'You are gone' } })
  })

  test('the announcement is told to everybody', async (t) => {
    const { chat, url } = await startLiveChat(t)
    await chat.register('alice')
    const alice = await connect(t, url, { username: 'alice' })
    await chat.app.chat.announce('News!')
    t.match(await alice.next('announcement.updated'), { announcement: 'News!', event_id: /./ })
  })

  test('who comes back with its cursor gets what it has missed, once, in order, and what comes then', async (t) => {
    const { chat, url } = await startLiveChat(t)
    for (const username of ['alice', 'bob', 'carol']) await chat.register(username)
    const room = await chat.createRoom('alice', ['bob'])
    const first = await connect(t, url, { username: 'bob' })
    await chat.send('alice', 'bob', 'before')
    t.same(await first.texts(1), ['before'])
    first.close()
    await chat.send('alice', 'bob', 'direct')
    await chat.send('alice', room, 'to the room')
    await chat.send('alice', 'carol', 'not for bob')
    await chat.app.chat.announce('News!')
    await chat.post('/send', { sender: 'bob', recipient: 'alice', message: 'mine', client_id: 'two' })
    const again = transport.open(t, url, { username: 'bob', lastEventId: first.cursor })
    t.same(await again.texts(2), ['direct', 'to the room'])
    t.match(await again.next('announcement.updated'), { announcement: 'News!' })
    t.match((await again.next('message.created')).message, { message: 'mine', client_id: 'two' })
    await chat.send('alice', 'bob', 'live')
    t.same(await again.texts(1), ['live'])
  })

  test('a cursor in the middle of what one request has done goes on in the middle', async (t) => {
    const { chat, url } = await startLiveChat(t)
    for (const username of ['alice', 'bob']) await chat.register(username)
    const alice = await connect(t, url, { username: 'alice' })
    await chat.createRoom('alice', ['bob'])
    const created = await alice.next('room.created')
    const again = transport.open(t, url, { username: 'alice', lastEventId: created.event_id })
    t.match(await again.texts(1), [/has been created/])
    t.notOk(again.seen.some(({ type }) => type === 'room.created'))
  })

  test('sends that race the connect leave no seam', async (t) => {
    const { chat, url } = await startLiveChat(t)
    for (const username of ['alice', 'bob']) await chat.register(username)
    const first = await connect(t, url, { username: 'bob' })
    const { cursor } = first
    first.close()
    const count = 300
    const sending = (async () => {
      for (let number = 1; number <= count; number++) await chat.send('alice', 'bob', `${number}`)
    })()
    const listeners: Listener[] = []
    for (let number = 0; number < 6; number++) {
      const listener = transport.open(t, url, { username: 'bob', lastEventId: cursor })
      listeners.push(listener)
      t.equal((await listener.next('message.created')).message.message, '1')
    }
    await sending
    const all = Array.from({ length: count - 1 }, (_, index) => `${index + 2}`)
    for (const listener of listeners) t.same(await listener.texts(count - 1), all)
  })

  test('a backlog larger than what a connection takes at once comes whole', async (t) => {
    const { chat, url } = await startLiveChat(t)
    for (const username of ['alice', 'bob']) await chat.register(username)
    const first = await connect(t, url, { username: 'bob' })
    first.close()
    const text = 'x'.repeat(3900)
    const count = 700
    const ids = await Promise.all(Array.from({ length: count }, (_, i) => chat.send('alice', 'bob', `${i} ${text}`)))
    const again = transport.open(t, url, { username: 'bob', lastEventId: first.cursor })
    const got: number[] = []
    while (got.length < count) got.push((await again.next('message.created')).message.id)
    t.same(
      got,
      ids.toSorted((a, b) => a - b),
    )
  })

  test('who has left a room while away is told so, and nothing else of it', async (t) => {
    const { chat, url } = await startLiveChat(t)
    for (const username of ['alice', 'bob']) await chat.register(username)
    const room = await chat.createRoom('alice', ['bob'])
    const first = await connect(t, url, { username: 'bob' })
    first.close()
    await chat.send('alice', room, 'a secret')
    await chat.leaveRoom('bob', room)
    await chat.send('alice', room, 'another')
    await chat.send('alice', 'bob', 'Hello')
    const again = transport.open(t, url, { username: 'bob', lastEventId: first.cursor })
    t.same(await again.texts(1), ['Hello'])
    t.same(
      again.seen.map(({ type }) => type).filter((type) => type !== 'hello' && type !== 'presence'),
      ['member.left', 'message.created'],
    )
  })

  test('what was told of messages that have left memory is gone, whatever was told before', async (t) => {
    const { chat, url } = await startLiveChat(t, { CHATROOM_MESSAGE_MEMORY: 2 })
    for (const username of ['alice', 'bob']) await chat.register(username)
    const first = await connect(t, url, { username: 'bob' })
    const { cursor } = first
    first.close()
    await chat.app.chat.announce('News!')
    const { messages } = stateOf(chat.app.chat)
    while (messages.floor === 1) await chat.send('alice', 'bob', 'x'.repeat(4000))
    const again = transport.open(t, url, { username: 'bob', lastEventId: cursor })
    await again.next('resync')
    await chat.send('alice', 'bob', 'live')
    t.same(await again.texts(1), ['live'])
  })

  test('a cursor that is too old, of another log, or none at all, is answered by resync, and the connection goes on', async (t) => {
    const { chat, url } = await startLiveChat(t, { CHATROOM_LOG_ENTRIES: 3 })
    for (const username of ['alice', 'bob']) await chat.register(username)
    const { cursor } = await connect(t, url, { username: 'bob' })
    for (const text of ['1', '2', '3', '4', '5']) await chat.send('alice', 'bob', text)
    const ahead = `${cursor?.split('-')[0]}-999999`
    const odd = ['', ' ', '-', 'what', 'null', '💬\n"', `${cursor} `, '0'.repeat(2000)]
    for (const lastEventId of [cursor, '0badc0de-7', ahead, ...odd]) {
      const again = transport.open(t, url, { username: 'bob', lastEventId })
      const { event_id } = await again.next('resync')
      await chat.send('alice', 'bob', `after ${lastEventId}`)
      t.same(await again.texts(1), [`after ${lastEventId}`])
      t.not(event_id, lastEventId)
      again.close()
    }
  })

  test('events are kept for so long, and no longer', async (t) => {
    let now = Date.now()
    const { chat, url } = await startLiveChat(t, { CHATROOM_LOG_AGE: 60 }, { now: () => now })
    for (const username of ['alice', 'bob']) await chat.register(username)
    const { cursor } = await connect(t, url, { username: 'bob' })
    await chat.send('alice', 'bob', 'one')
    now += 59_000
    t.same(await transport.open(t, url, { username: 'bob', lastEventId: cursor }).texts(1), ['one'])
    now += 2000
    t.ok(await transport.open(t, url, { username: 'bob', lastEventId: cursor }).next('resync'))
  })

  test('a guest who logs out is told why the connection ends, and the next of that name is told nothing', async (t) => {
    const { chat, url } = await startLiveChat(t)
    for (const username of ['alice', 'bob']) await chat.register(username)
    const bob = await connect(t, url, { username: 'bob' })
    await chat.send('alice', 'bob', 'for the first bob')
    await bob.texts(1)
    await chat.logout('bob')
    const { code, reason } = await bob.ended()
    t.ok([closeCodes.user_removed.code, 404].includes(code), `${code} ${reason}`)
    t.same(await transport.open(t, url, { username: 'bob' }).ended(), { code: 404, reason: 'user_not_found' })
    await chat.register('bob')
    const next = transport.open(t, url, { username: 'bob', lastEventId: bob.cursor?.replace(/-.*/, '-1') })
    await chat.send('alice', 'bob', 'for the second')
    t.same(await next.texts(1), ['for the second'])
  })

  test('a session that ends takes its connections with it, and no other', async (t) => {
    const { chat, url } = await startLiveChat(t, { CHATROOM_AUTH: 'token' })
    const password = 'correct horse'
    const [first, other] = [await chat.register('alice', password), await chat.register('bob', password)]
    const second = String((await chat.post('/login', { username: 'alice', password })).body['token'])
    const [one, two] = [await connect(t, url, { token: first }), await connect(t, url, { token: second })]
    await chat.logout('alice', first)
    const { code } = await one.ended()
    t.ok([closeCodes.session_ended.code, 401].includes(code))
    t.match(await transport.open(t, url, { token: first }).ended(), { code: 401, reason: 'invalid_token' })
    await chat.send('bob', 'alice', 'Still there?', other)
    t.same(await two.texts(1), ['Still there?'])
  })

  test('only whoever may act as a user listens as it', async (t) => {
    const { chat, url } = await startLiveChat(t)
    const token = await chat.register('alice', 'correct horse')
    await chat.register('bob')
    const refused = async (opening: Opening, code: number, reason: string) =>
      t.match(await transport.open(t, url, opening).ended(), { code, reason })
    await refused({ username: 'alice' }, 401, 'token_required')
    await refused({}, 401, 'token_required')
    await refused({ username: 'alice', token: 'x'.repeat(43) }, 401, 'invalid_token')
    await refused({ username: 'bob', token }, 403, 'not_your_name')
    await refused({ username: 'nobody' }, 404, 'user_not_found')
    await refused({ username: 'a\u0000b' }, 400, 'invalid_request')
    t.ok(await connect(t, url, { token }))
  })

  test('a server that stops tells its listeners to come back', async (t) => {
    const { chat, url } = await startLiveChat(t)
    await chat.register('alice')
    const alice = await connect(t, url, { username: 'alice' })
    const end = alice.ended()
    await chat.app.close()
    const { code, reason } = await end
    if (stays) t.same({ code, reason }, { code: closeCodes.going_down.code, reason: 'going_down' })
    else t.ok([closeCodes.going_down.code, 1006].includes(code))
  })
}
