import t from 'tap'
import type { Command } from '../schemas/commands.js'
import { ChatState } from '../src/chat/chat-state.js'
import type { Archive, Part, Range } from '../src/chat/ports.js'
import { CommandLog } from '../src/chat/command-log.js'
import { History } from '../src/chat/messages/history.js'
import { Retention } from '../src/chat/messages/retention.js'
import { MemoryLog } from '../src/log/memory-log.js'
import { appendTo } from './support/open-chat.js'
import { fails } from './support/chat.js'
import { open, untilGone } from './support/little-memory.js'
import { inFolder, openChat } from './support/open-chat.js'
import { folderOf } from './support/test-folder.js'

const day = 86_400_000
const mebibytes = 2 ** 21

void t.test(
  'messages are deleted when they are as old as the setting says, and their space is given back',
  async (t) => {
    const folder = folderOf(t)
    let time = Date.UTC(2026, 10, 1)
    const now = () => time
    const first = await open(t, folder, now)
    for (const name of ['ann', 'bob']) await first.register(name)
    for (let number = 0; number < 50; number++) await first.send('ann', 'bob', `old ${'x'.repeat(3000)}`)
    time += 2 * day
    const young = await first.send('ann', 'bob', 'young')
    await first.app.close()

    const chat = await open(t, folder, now, 1)
    t.match(await chat.poll('bob'), { messages: [{ id: young, message: 'young' }], last_id: young, has_more: false })
    time += 2 * day
    await chat.app.close()
    const last = await open(t, folder, now, 1)
    t.same(await last.poll('bob', 3), { status: 'success', messages: [], last_id: 3, has_more: false })
    t.equal(await last.send('ann', 'bob', 'next'), young + 1, 'ids go on')
    await untilGone(folder, ['log.db', 'archive.db'], 'old xxx')
    t.pass('nothing of it is left')
  },
)

void t.test('a room may keep messages for less than the server does', async (t) => {
  const folder = folderOf(t)
  let time = Date.UTC(2026, 10, 1)
  const now = () => time
  const first = await open(t, folder, now)
  await first.register('ann')
  const { body } = await first.post('/create_room', { admin: 'ann', participants: [], retention: 3 })
  const short = String(body['room_id'])
  const long = await first.createRoom('ann', [])
  await first.send('ann', short, 'goes')
  await first.send('ann', long, 'stays')
  time += 4 * day
  await first.send('ann', short, 'new')
  await first.app.close()
  const chat = await open(t, folder, now)
  const texts = await chat.texts('ann')
  t.same(texts.slice(-2), ['stays', 'new'])
  t.notOk(texts.includes('goes'))
  await fails(t, chat.post('/create_room', { admin: 'ann', participants: [], retention: 0 }), 400, 'invalid_request')
})

void t.test('what keeps nothing deletes old messages, too', async (t) => {
  let time = Date.UTC(2026, 10, 1)
  const now = () => time
  const state = new ChatState(mebibytes)
  const log = new CommandLog(new MemoryLog(now))
  await log.open((entry) => state.apply(entry).outcome)
  const history = new History(state, undefined)
  const retention = new Retention(state, appendTo(log), history, 1, now, (error) => t.fail(String(error)))
  await log.append({ type: 'register', username: 'ann', token_hash: 'aaaa' })
  const ann = state.users.named('ann')
  const send = (text: string) => log.append({ type: 'send', sender: 1, to_user: 1, text })
  for (let number = 0; number < 10; number++) await send(`old ${number}`)
  await retention.expire()
  t.equal(state.expired, 0)
  time += 2 * day
  await send('young')
  await retention.expire()
  t.match(await history.page(ann, 0, 100), { ids: [11], hasMore: false })
  time += 2 * day
  await retention.expire()
  t.equal(history.hasNew(ann, 0), false)
})

void t.test('pages that are read while messages are deleted miss nothing that must stay', async (t) => {
  const folder = folderOf(t)
  let time = Date.UTC(2026, 10, 1)
  const now = () => time
  const first = await openChat(await inFolder(folder, now), { now })
  const nobody = { tokenHash: undefined }
  await first.register('ann')
  const { roomId } = await first.createRoom({ admin: 'ann', participants: [], retention: 1 }, nobody)
  const fill = (message: string) =>
    Promise.all(Array.from({ length: 1500 }, () => first.send({ sender: 'ann', recipient: roomId, message }, nobody)))
  await fill('old')
  time += 2 * day
  await fill('new')
  await first.close()

  // The start deletes the old ones; nothing comes back into memory, so all pages are read from the disk meanwhile.
  const chat = await openChat(await inFolder(folder, now, { CHATROOM_LOG_ENTRIES: 0 }), { now })
  t.teardown(() => chat.close())
  for (let lastId = 0; lastId < 1400; lastId += 112) {
    // So many at once as may wait for their turn.
    const starts = Array.from({ length: 16 }, (_, index) => lastId + index * 7)
    const polls = starts.map((last_id) => chat.poll({ username: 'ann', last_id }, nobody))
    for (const page of await Promise.all(polls)) {
      const { messages } = JSON.parse(page.toString()) as { messages: { message: string }[] }
      if (messages.some(({ message }) => message !== 'new') || messages.length !== 1000)
        t.fail('a page is not as it must be')
    }
  }
  t.pass('all pages are read')
})

void t.test('what expires while the archive is read is not asked for', async (t) => {
  const state = new ChatState(mebibytes)
  let position = 0
  const apply = (command: Command) => state.apply({ position: ++position, at: position, command })
  for (const username of ['ann', 'bob']) apply({ type: 'register', username, token_hash: username })
  for (let count = 0; count < 10; count++) apply({ type: 'send', sender: 1, to_user: 2, text: 'x' })
  state.messages.floor = 4
  const asked: Range[] = []
  const archive = {
    page: async (_viewer: number, range: () => Range): Promise<Part> => {
      if (asked.push(range()) === 1) apply({ type: 'expire_messages', up_to: 8 })
      return { records: Buffer.from('{},'), last: 3, count: 3, more: false }
    },
  }
  const page = await new History(state, archive as unknown as Archive).page(state.users.named('bob'), 0, 100)
  t.same(page.ids, [9, 10])
  t.equal(asked.length, 1)
})

void t.test('what expires while a read waits for its turn is not asked for', async (t) => {
  const state = new ChatState(mebibytes)
  let position = 0
  const apply = (command: Command) => state.apply({ position: ++position, at: position, command })
  for (const username of ['ann', 'bob']) apply({ type: 'register', username, token_hash: username })
  for (let count = 0; count < 10; count++) apply({ type: 'send', sender: 1, to_user: 2, text: 'x' })
  state.messages.floor = 4
  const archive = {
    page: async (_viewer: number, range: () => Range): Promise<Part> => {
      apply({ type: 'expire_messages', up_to: 8 })
      t.same(range().targets, [])
      return { records: Buffer.alloc(0), last: undefined, count: 0, more: false }
    },
  }
  const page = await new History(state, archive as unknown as Archive).page(state.users.named('bob'), 0, 100)
  t.same(page.ids, [9, 10])
})

void t.test('a room that is gone takes its messages with it', async (t) => {
  const folder = folderOf(t)
  const first = await open(t, folder)
  await first.register('ann')
  const room = await first.createRoom('ann', [])
  await first.send('ann', room, 'nobody reads this again')
  await first.send('ann', 'ann', 'stays')
  await first.app.close()
  const second = await open(t, folder)
  await second.leaveRoom('ann', room)
  await second.app.close()
  // What the stop has interrupted, the start does.
  const third = await open(t, folder)
  t.same(await third.texts('ann'), ['stays'])
  await untilGone(folder, ['archive.db'], 'nobody reads this again')
  t.pass('nothing of it is left')
})
