import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Message } from '../schemas/message.js'
import { backup } from '../src/cli/backup.js'
import { verify } from '../src/cli/verify.js'
import { openDatabase } from '../src/storage/database.js'
import { fails, startChat, type Answer, type Chat } from './support/chat.js'
import { called } from './support/cli.js'
import { folderOf, placeIn } from './support/test-folder.js'
import { open, untilGone } from './support/little-memory.js'
import { openWebSocket } from './support/listener.js'
import { startLiveChat } from './support/live-chat.js'

const edit = (chat: Chat, username: string, id: number, message: string): Promise<Answer> =>
  chat.request({ method: 'PATCH', url: `/messages/${id}`, payload: { username, message } })

const remove = (chat: Chat, username: string, id: number): Promise<Answer> =>
  chat.request({ method: 'DELETE', url: `/messages/${id}?username=${username}` })

async function conversation(chat: Chat, username: string, recipient: string, query: Record<string, number> = {}) {
  const { body } = await chat.get(`/conversations/${recipient}/messages`, { username, ...query })
  return body as unknown as { messages: Message[]; has_more: boolean; has_newer?: boolean }
}

const textsOf = ({ messages }: { messages: readonly Message[] }): string[] => messages.map(({ message }) => message)

/** Fills memory, so that what was sent before is on the disk alone. */
async function fill(chat: Chat, from: string): Promise<void> {
  for (let count = 0; count < 700; count++) await chat.send(from, from, 'x'.repeat(3900))
}

/** A direct message, and one in a room, which are in memory or on the disk alone. */
async function start(t: Test, place: string) {
  const folder = placeIn(t)
  const chat = await open(t, folder)
  for (const name of ['ann', 'bob', 'cy']) await chat.register(name)
  const room = await chat.createRoom('ann', ['bob'])
  const sent = {
    direct: await chat.send('ann', 'bob', 'first secret'),
    inRoom: await chat.send('bob', room, 'second secret'),
  }
  if (place === 'on the disk') await fill(chat, 'cy')
  return { chat, folder, room, ...sent }
}

/** With what is changed in memory, and on the disk. */
for (const place of ['in memory', 'on the disk'] as const)
  void t.test(`a message ${place}`, async (t) => {
    void t.test('is edited by its sender alone, and read so by all, also after a start', async (t) => {
      const { chat, folder, direct, inRoom, room } = await start(t, place)
      const { status, body } = await edit(chat, 'ann', direct, 'edited')
      t.match({ status, ...body }, { status: 'success', message: { id: direct, sender: 'ann', message: 'edited' } })
      t.type((body['message'] as Message).edited_at, 'string')
      t.same(await chat.texts('bob', direct - 1).then(([first]) => first), 'edited')
      await fails(t, edit(chat, 'bob', direct, 'not mine'), 403, 'not_allowed')
      await fails(t, edit(chat, 'ann', inRoom, 'not mine'), 403, 'not_allowed')
      await fails(t, edit(chat, 'cy', direct, 'not mine'), 404, 'message_not_found')
      await fails(t, edit(chat, 'ann', 10 ** 6, 'none'), 404, 'message_not_found')
      await edit(chat, 'ann', direct, 'edited again')
      t.same(textsOf(await conversation(chat, 'bob', 'ann')), ['edited again'])
      await chat.leaveRoom('bob', room)
      await fails(t, edit(chat, 'bob', inRoom, 'I have left'), 404, 'message_not_found')
      await chat.app.close()
      const again = await open(t, folder)
      t.same(textsOf(await conversation(again, 'bob', 'ann')), ['edited again'])
      t.match(await called(verify, folder), { code: 0 })
    })

    void t.test('is deleted by its sender, or the admin of its room, and its text is nowhere', async (t) => {
      const { chat, folder, direct, inRoom, room } = await start(t, place)
      await fails(t, remove(chat, 'bob', direct), 403, 'not_allowed')
      t.match((await remove(chat, 'ann', direct)).body, { message: { id: direct, message: '', deleted_at: String } })
      const { body } = await remove(chat, 'ann', inRoom)
      t.match(body, { message: { id: inRoom, sender: 'bob', recipient: room, message: '' } })
      t.same((await remove(chat, 'bob', inRoom)).body, body, 'to delete it again changes nothing')
      await fails(t, edit(chat, 'bob', inRoom, 'too late'), 404, 'message_not_found')
      t.match(await conversation(chat, 'bob', 'ann'), { messages: [{ id: direct, message: '', deleted_at: String }] })
      for (const text of ['first secret', 'second secret']) await untilGone(folder, ['log.db', 'archive.db'], text)
      const file = placeIn(t)
      await called(backup, folder, file)
      t.notOk((await readFile(file)).includes('secret'), 'nor in a backup')
      await chat.app.close()
      const again = await open(t, folder)
      t.match(await conversation(again, 'ann', room), { messages: [{ sender: 'server' }, { id: inRoom, message: '' }] })
      t.match(await called(verify, folder), { code: 0 })
    })
  })

void t.test('of edits and a delete at once, each finds what the one before has left', async (t) => {
  for (const memory of ['in memory', 'on the disk']) {
    const folder = placeIn(t)
    const chat = await open(t, folder)
    for (const name of ['ann', 'cy']) await chat.register(name)
    const ids: number[] = []
    for (let count = 0; count < 5; count++) ids.push(await chat.send('ann', 'ann', 'text'))
    if (memory === 'on the disk') await fill(chat, 'cy')
    const answers = await Promise.all(
      ids.flatMap((id) => [edit(chat, 'ann', id, 'one'), remove(chat, 'ann', id), edit(chat, 'ann', id, 'two')]),
    )
    for (const { status } of answers) t.ok([200, 404].includes(status), memory)
    const { messages } = await conversation(chat, 'ann', 'ann', { limit: 5 })
    t.same(
      messages.map(({ id, message }) => [id, message]),
      ids.map((id) => [id, '']),
      memory,
    )
    // As a kill leaves it: what is not in the archive yet is in the log.
    const killed = placeIn(t)
    await copyAlive(folder, killed)
    await chat.app.close()
    for (const left of [folder, killed]) {
      const again = await open(t, left)
      t.same((await conversation(again, 'ann', 'ann', { limit: 5 })).messages, messages, 'also after a start')
      t.match(await called(verify, left), { code: 0, out: /Nothing is wrong/ })
      await again.app.close()
    }
  }
})

/** Copies a folder that is in use. Whoever reads a file keeps it from being emptied between it and the one with "-wal". */
async function copyAlive(from: string, to: string): Promise<void> {
  const readers = ['archive.db', 'log.db'].map((name) => openDatabase(join(from, name), { readOnly: true }))
  for (const reader of readers) reader.exec('BEGIN; SELECT count(*) FROM about')
  await cp(from, to, { recursive: true, filter: (file) => !file.endsWith('lock') })
  for (const reader of readers) reader.close()
}

void t.test('who listens is told, and so is who comes back, with the text as it is now', async (t) => {
  const folder = folderOf(t)
  const { chat, url } = await startLiveChat(t, { CHATROOM_DATA: folder, CHATROOM_MESSAGE_MEMORY: 2 })
  for (const name of ['ann', 'bob', 'cy']) await chat.register(name)
  const old = await chat.send('ann', 'bob', 'old')
  await fill(chat, 'cy')
  const id = await chat.send('ann', 'bob', 'first')
  const { listener: bob } = openWebSocket(t, url, { username: 'bob' })
  const { event_id: cursor } = await bob.next('hello')
  await edit(chat, 'ann', id, 'second')
  t.match(await bob.next('message.edited'), { message: { id, message: 'second', edited_at: String } })
  bob.close()
  await edit(chat, 'ann', old, 'old, edited')
  await edit(chat, 'ann', id, 'third')
  await remove(chat, 'ann', id)
  for (const what of ['at once', 'after a start']) {
    const live = what === 'at once' ? { chat, url } : await restarted(t, chat, folder)
    const { listener } = openWebSocket(t, live.url, { username: 'bob', lastEventId: cursor })
    t.match(await listener.next('message.deleted'), { message: { id, message: '', deleted_at: String } }, what)
    t.same(
      listener.seen.flatMap((event) =>
        event.type === 'message.edited' ? [[event.message.id, event.message.message]] : [],
      ),
      [
        [id, ''],
        [old, 'old, edited'],
        [id, ''],
      ],
      what,
    )
    t.notOk(listener.seen.some(({ type }) => type === 'resync'))
  }
})

async function restarted(t: Test, chat: Chat, folder: string) {
  await chat.app.close()
  return startLiveChat(t, { CHATROOM_DATA: folder, CHATROOM_MESSAGE_MEMORY: 2 })
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `${from + index}`)

void t.test('a conversation is read in pages, in each direction, and around a message', async (t) => {
  for (const memory of ['in memory', 'on the disk']) {
    const chat = memory === 'in memory' ? await startChat(t) : await open(t, placeIn(t))
    for (const name of ['ann', 'bob', 'cy']) await chat.register(name)
    const ids: number[] = []
    for (let count = 0; count < 30; count++) {
      const [from, to] = count % 2 === 0 ? ['ann', 'bob'] : ['bob', 'ann']
      ids.push(await chat.send(from, to, `${count}`))
      await chat.send('cy', 'ann', 'not of it')
      await chat.send('ann', 'ann', 'nor this')
    }
    if (memory === 'on the disk') await fill(chat, 'cy')
    for (let count = 30; count < 40; count++) ids.push(await chat.send('ann', 'bob', `${count}`))
    const read = (query: Record<string, number>) => conversation(chat, 'bob', 'ann', query)
    t.same(textsOf(await read({})), numbers(0, 40), memory)
    t.match(await read({ limit: 15 }), { has_more: true })
    t.same(textsOf(await read({ limit: 15 })), numbers(25, 40))
    t.same(textsOf(await read({ limit: 15, before_id: ids[25] ?? 0 })), numbers(10, 25))
    t.same(textsOf(await read({ limit: 15, after_id: ids[24] ?? 0 })), numbers(25, 40))
    t.match(await read({ limit: 15, after_id: ids[24] ?? 0 }), { has_more: false })
    t.match(await read({ limit: 10, after_id: ids[2] ?? 0 }), { has_more: true })
    t.same(textsOf(await read({ limit: 10, after_id: ids[2] ?? 0 })), numbers(3, 13))
    const around = await read({ limit: 5, around_id: ids[29] ?? 0 })
    t.same([textsOf(around), around.has_more, around.has_newer], [numbers(27, 32), true, true])
    t.same(await read({ before_id: ids[0] ?? 0 }), { status: 'success', messages: [], has_more: false })
    t.same(textsOf(await conversation(chat, 'ann', 'ann', { limit: 2 })), ['nor this', 'nor this'])
    await fails(
      t,
      chat.get('/conversations/ann/messages', { username: 'bob', before_id: 1, after_id: 1 }),
      400,
      'invalid_request',
    )
    await fails(t, chat.get('/conversations/room_1/messages', { username: 'bob' }), 404, 'room_not_found')
    const room = await chat.createRoom('ann', [])
    await fails(t, chat.get(`/conversations/${room}/messages`, { username: 'bob' }), 403, 'not_a_member')
    t.match(await conversation(chat, 'ann', room), { messages: [{ sender: 'server' }], has_more: false })
  }
})
