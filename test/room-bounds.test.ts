import t from 'tap'
import type { Command } from '../schemas/commands.js'
import { ChatState } from '../src/chat/chat-state.js'
import { boundsOf, settingsFrom } from '../src/settings.js'
import { fails, startChat, testSettings, type Chat } from './support/chat.js'
import { imported } from './support/cli.js'
import { applied } from './support/entries.js'
import { placeIn } from './support/test-folder.js'

const createRoom = (chat: Chat, admin: string, participants: string[], token?: string) =>
  chat.post('/create_room', { admin, participants }, token)

void t.test('a room has so many members, and a user has made so many rooms', async (t) => {
  const chat = await startChat(t, { CHATROOM_ROOMS_PER_USER: 2, CHATROOM_ROOM_MEMBERS: 2 })
  for (const name of ['alice', 'bob', 'carol']) await chat.register(name)
  const refused = createRoom(chat, 'alice', ['bob', 'carol'])
  t.match(await fails(t, refused, 409, 'room_full'), { message: /2 members/ })
  await chat.createRoom('alice', ['bob'])
  const room = await chat.createRoom('alice', [])
  t.match(await fails(t, createRoom(chat, 'alice', []), 409, 'too_many_rooms'), { message: /alice is in 2 .* own/ })
  await chat.leaveRoom('alice', room)
  await chat.createRoom('alice', ['bob'])
})

void t.test('whoever is put into many rooms makes its own all the same', async (t) => {
  const chat = await startChat(t, { CHATROOM_ROOMS_PER_USER: 2, CHATROOM_ROOMS_OF_OTHERS: 2 })
  for (const name of ['alice', 'bob', 'mallory']) await chat.register(name)
  const rooms = [await chat.createRoom('mallory', ['bob']), await chat.createRoom('mallory', ['bob'])]
  t.match(await fails(t, createRoom(chat, 'alice', ['bob']), 409, 'too_many_rooms'), { message: /bob .* of others/ })
  for (let count = 0; count < 2; count++) await chat.createRoom('bob', [])
  await chat.leaveRoom('bob', rooms[0] ?? '')
  await chat.createRoom('alice', ['bob'])
})

void t.test('all rooms together have a bound', async (t) => {
  const chat = await startChat(t, { CHATROOM_MEMBERSHIPS: 3 })
  for (const name of ['alice', 'bob']) await chat.register(name)
  const room = await chat.createRoom('alice', ['bob'])
  await fails(t, createRoom(chat, 'alice', ['bob']), 503, 'server_full')
  await chat.leaveRoom('bob', room)
  await chat.createRoom('alice', ['bob'])
})

void t.test('nobody fills the rooms of the whole server, by leaving them neither', async (t) => {
  const settings = { CHATROOM_MEMBERSHIPS: 30, CHATROOM_PARTICIPANTS_PER_USER: 12, CHATROOM_PARTICIPANTS_PER_GUEST: 5 }
  const chat = await startChat(t, settings)
  for (const name of ['alice', 'bob', 'carol', 'mallory']) await chat.register(name)
  const token = await chat.register('marvin', 'long enough')
  const putAll = async (admin: string, participants: string[], more?: string) => {
    for (let count = 0; ; count++) {
      const { status, body } = await createRoom(chat, admin, participants, more)
      if (status === 200) await chat.leaveRoom(admin, String(body['room_id']), more)
      else return { count, code: body['code'] }
    }
  }
  t.same(await putAll('mallory', ['bob', 'carol']), { count: 2, code: 'too_many_participants' }, 'as a guest')
  t.same(await putAll('marvin', ['bob', 'carol'], token), { count: 6, code: 'too_many_participants' }, 'as an account')
  t.equal((await createRoom(chat, 'alice', ['bob', 'carol'])).status, 200, 'others have their own')
  await chat.leaveRoom('bob', 'room_1')
  await chat.createRoom('mallory', ['alice', 'bob'])
})

void t.test('a guest may put few others into rooms, unless the operator says otherwise', async (t) => {
  const { CHATROOM_PARTICIPANTS_PER_GUEST } = settingsFrom({})
  const chat = await startChat(t, { CHATROOM_PARTICIPANTS_PER_GUEST })
  const names = Array.from({ length: 101 }, (_, number) => `user ${number}`)
  for (const name of ['mallory', ...names]) await chat.register(name)
  await fails(t, createRoom(chat, 'mallory', names), 409, 'too_many_participants')
  await chat.createRoom('mallory', names.slice(1))
})

void t.test('what a user has made and filled is known after a restart, an export and an import', async (t) => {
  const settings = { CHATROOM_ROOMS_PER_USER: 2, CHATROOM_PARTICIPANTS_PER_GUEST: 2 }
  const folder = placeIn(t)
  const first = await startChat(t, { ...settings, CHATROOM_DATA: folder })
  for (const name of ['alice', 'bob', 'carol', 'gone']) await first.register(name)
  await first.createRoom('gone', ['alice', 'bob'])
  await first.logout('gone')
  await first.createRoom('alice', ['bob', 'carol'])
  await first.createRoom('alice', [])
  await first.app.close()
  for (const place of [folder, await imported(t, folder)]) {
    const chat = await startChat(t, { ...settings, CHATROOM_DATA: place })
    await fails(t, createRoom(chat, 'alice', []), 409, 'too_many_rooms')
    await chat.leaveRoom('alice', 'room_3')
    await fails(t, createRoom(chat, 'alice', ['bob']), 409, 'too_many_participants')
    await chat.createRoom('alice', [])
    await chat.app.close()
  }
})

void t.test('a log of 0.1.0, whose bounds know no makers, is decided as it was', (t) => {
  const { users, sessions_per_user, room_members, memberships, idempotency_keys } = boundsOf(testSettings())
  const bounds = { users, sessions_per_user, rooms_per_user: 1, room_members, memberships, idempotency_keys }
  const state = new ChatState(2 ** 21)
  let position = 0
  const apply = (command: Command) => applied(state, ++position, position, command)
  const room = (admin: number, participants: number[]) =>
    apply({ type: 'create_room', admin, participants, visibility: 'private' })
  apply({ type: 'configure', bounds })
  for (const username of ['ann', 'bob']) apply({ type: 'register', username, token_hash: username.repeat(10) })
  t.same(room(1, [2]), { roomNumber: 1, roomId: 'room_1' })
  t.equal(room(2, []), 'too_many_rooms')
  apply({ type: 'configure', bounds: { ...bounds, rooms_of_others: 1 } })
  t.same(room(2, []), { roomNumber: 2, roomId: 'room_2' })
  t.equal(room(2, []), 'too_many_rooms')
  t.equal(room(1, [2]), 'too_many_rooms')
  t.same(
    [...state.rooms.things()].map(({ maker }) => maker),
    [undefined, 2],
  )
  t.end()
})
