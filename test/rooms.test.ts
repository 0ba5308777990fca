import t from 'tap'
import { fails, startChat } from './support/chat.js'

void t.test('a room has its admin and participants, who read a notice', async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob', 'carol', 'dave']) await chat.register(name)
  const { body } = await chat.post('/create_room', { admin: 'alice', participants: ['bob', 'carol', 'alice'] })
  t.match(body, { status: 'success', room_id: 'room_1' })
  for (const name of ['alice', 'bob', 'carol']) {
    t.match((await chat.poll(name)).messages, [
      {
        sender: 'server',
        recipient: 'room_1',
        message: 'Room 1 has been created and you have been added as a participant.',
      },
    ])
  }
  t.same(await chat.texts('dave'), [])
  t.equal(await chat.createRoom('dave', []), 'room_2')
})

void t.test('a message to a room is read by its members, the sender among them', async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob', 'eve']) await chat.register(name)
  const room = await chat.createRoom('alice', ['bob'])
  await chat.send('bob', room, 'hello')
  t.same(await chat.texts('alice', 1), ['hello'])
  t.same(await chat.texts('bob', 1), ['hello'])
  t.same(await chat.texts('eve'), [])
  await fails(t, chat.post('/send', { sender: 'eve', recipient: room, message: 'let me in' }), 403, 'not_a_member')
  await fails(t, chat.post('/leave_room', { username: 'eve', room_id: room }), 403, 'not_a_member')
})

void t.test('who leaves sees nothing of the room; the others read a notice', async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob']) await chat.register(name)
  const room = await chat.createRoom('alice', ['bob'])
  await chat.leaveRoom('bob', room)
  t.same(await chat.texts('bob'), [])
  t.same(await chat.texts('alice', 1), ['bob has left room 1.'])
  await fails(t, chat.post('/send', { sender: 'bob', recipient: room, message: 'hi' }), 403, 'not_a_member')
})

void t.test('the last to leave closes the room, and its id is not used again', async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob']) await chat.register(name)
  const room = await chat.createRoom('alice', ['bob'])
  await chat.leaveRoom('alice', room)
  await chat.send('bob', room, 'alone')
  await chat.leaveRoom('bob', room)
  await fails(t, chat.post('/leave_room', { username: 'bob', room_id: room }), 404, 'room_not_found')
  await fails(t, chat.post('/send', { sender: 'bob', recipient: room, message: 'hi' }), 404, 'room_not_found')
  t.equal(await chat.createRoom('bob', []), 'room_2')
})

void t.test('a guest who logs out leaves all rooms', async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob']) await chat.register(name)
  await chat.createRoom('alice', ['bob'])
  await chat.createRoom('bob', ['alice'])
  await chat.logout('bob')
  t.same(await chat.texts('alice', 2), ['bob has left room 1.', 'bob has left room 2.'])
})

void t.test('an account that logs out stays in its rooms', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const token = await chat.register('bob', 'long enough')
  const room = await chat.createRoom('alice', ['bob'])
  await chat.logout('bob', token)
  await chat.send('alice', room, 'while you were away')
  const { body } = await chat.post('/login', { username: 'bob', password: 'long enough' })
  t.same(await chat.texts('bob', 1, String(body['token'])), ['while you were away'])
})

void t.test('who is to be in a room must be registered', async (t) => {
  const chat = await startChat(t)
  await chat.register('alice')
  const refused = chat.post('/create_room', { admin: 'alice', participants: ['nobody'] })
  t.match(await fails(t, refused, 404, 'user_not_found'), { message: /"nobody"/ })
  await fails(t, chat.post('/create_room', { admin: 'nobody', participants: [] }), 404, 'user_not_found')
  t.equal(await chat.createRoom('alice', []), 'room_1', 'nothing has been created before')
})

void t.test('participants do not fit the schema when they are twice there or no names', async (t) => {
  const chat = await startChat(t)
  for (const name of ['alice', 'bob']) await chat.register(name)
  for (const participants of [['bob', 'bob'], 'bob', [''], [7], undefined]) {
    await fails(t, chat.post('/create_room', { admin: 'alice', participants }), 400, 'invalid_request')
  }
  for (const more of [{ name: '' }, { topic: '\u0000' }, { visibility: 'secret' }]) {
    await fails(t, chat.post('/create_room', { admin: 'alice', participants: [], ...more }), 400, 'invalid_request')
  }
  const named = { admin: 'alice', participants: [], name: 'Friends', topic: 'Friday', visibility: 'public' }
  t.equal((await chat.post('/create_room', named)).status, 200)
})
