import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { SqliteArchive } from '../src/archive/sqlite-archive.js'
import { ChatState } from '../src/chat/chat-state.js'
import { History } from '../src/chat/history.js'
import { Retention } from '../src/chat/retention.js'
import { pathsIn } from '../src/folder/paths.js'
import { MemoryLog } from '../src/log/memory-log.js'
import { openDatabase } from '../src/storage/database.js'
import { engines, type Engine } from '../src/storage/engines.js'
import { startChat, fails, type Chat } from './support/chat.js'
import { applied, entries } from './support/entries.js'
import { NaiveChat } from './support/naive-chat.js'
import { inFolder, openChat } from './support/open-chat.js'
import { agree, everything, step } from './support/steps.js'

const day = 86_400_000
const mebibytes = 2 ** 21

/** Runs with a new folder that is gone afterwards. */
async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'chatroom-'))
  try {
    await run(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Waits until a text is in none of the databases any more. */
async function untilGone(folder: string, databases: readonly string[], text: string): Promise<void> {
  for (const name of databases.flatMap((database) => [database, `${database}-wal`]))
    while ((await readFile(join(folder, name))).includes(text));
}

/** All messages that are for the user, page by page. */
async function history(chat: Chat, username: string, limit: number): Promise<{ id: number; message: string }[]> {
  const all = []
  for (let lastId = 0; ;) {
    const { messages, last_id, has_more } = await chat.poll(username, lastId, { limit })
    all.push(...messages)
    if (!has_more) return all
    lastId = last_id
  }
}

void t.test('a chat that is stopped and started again and again answers as if it had never been', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 25 }), { minLength: 2, maxLength: 3 }), (runs) =>
      withFolder(async (folder) => {
        const model = new NaiveChat()
        for (const steps of runs) {
          const chat = await openChat(await inFolder(folder))
          await agree(chat, model, [...everything, ...steps, ...everything]).finally(() => chat.close())
        }
      }),
    ),
    { numRuns: 8, timeout: 60_000 },
  )
  t.pass('they agree')
})

/** An archive by itself. */
const openArchive = (folder: string, engine: Engine): Promise<SqliteArchive> =>
  SqliteArchive.open('an epoch', { file: pathsIn(folder).archive, engine })

for (const engine of engines()) {
  void t.test(`a state that is read back equals the one that was written, by ${engine}`, async (t) => {
    await fc.assert(
      fc.asyncProperty(entries, (all) =>
        withFolder(async (folder) => {
          const archive = await openArchive(folder, engine)
          const lived = new ChatState(mebibytes, (event) => {
            archive.note(event)
          })
          await archive.restore(lived)
          for (const [i, [it, at]] of all.entries()) applied(lived, i + 1, at, it)
          // An entry that is refused, or does nothing, need not be written.
          lived.apply({ position: all.length + 1, at: 1000, command: { type: 'announce', text: 'the end' } })
          await archive.close()
          const again = await openArchive(folder, engine)
          const restored = new ChatState(mebibytes)
          await again.restore(restored)
          await again.close()
          assert.deepEqual(plain(restored), plain(lived))
        }),
      ),
      { numRuns: 15, timeout: 60_000 },
    )
    t.pass('it held')
  })
}

/** What must be the same, whatever is in memory of the messages. */
function plain({ users, rooms, messages, bounds, sentKeys, announcement, time, position, expired }: ChatState): object {
  const numbers = Array.from({ length: users.newest }, (_, index) => index + 1)
  const all = numbers.flatMap((number) => {
    try {
      return [users.get(number)]
    } catch {
      return []
    }
  })
  return {
    users: all.map((user) => ({
      ...user,
      sessions: [...user.sessions],
      messages: user.messages.newest,
      rooms: Array.from(user.rooms, ({ id }) => id),
      keys: ['1', '2'].map((clientId) => sentKeys.find(user.number, clientId, messages.newest, time)),
    })),
    guests: Array.from(users.idleGuests(Infinity), ({ number }) => number),
    online: users.onlineNames('', '', 100),
    rooms: Array.from(rooms, (room) => ({
      ...room,
      admin: room.admin.number,
      members: Array.from(room.members, ({ number }) => number),
      messages: [room.messages.newest, room.messages.expired],
    })),
    newest: [users.newest, rooms.newest, messages.newest],
    bounds,
    announcement,
    time,
    position,
    expired,
  }
}

/** A chat on the folder of the test, with room for little in memory. */
const open = (t: Test, folder: string, now?: () => number, retention = 0): Promise<Chat> =>
  startChat(
    t,
    {
      CHATROOM_DATA: folder,
      CHATROOM_MESSAGE_MEMORY: 2,
      CHATROOM_RETENTION: retention,
      CHATROOM_GUEST_TTL: 31_536_000,
    },
    now && { now },
  )

void t.test('what memory has let go of is read from the disk, without a seam', async (t) => {
  const chat = await open(t, t.testdir())
  for (const name of ['ann', 'bob', 'cy']) await chat.register(name)
  const rooms = [await chat.createRoom('ann', ['bob']), await chat.createRoom('cy', ['ann'])]
  const sent: { id: number; text: string; to: string }[] = []
  for (let number = 0; number < 1500; number++) {
    const to = ['bob', ...rooms][number % 3] ?? ''
    const from = to === rooms[1] ? 'cy' : 'ann'
    const text = `${number} ${'é'.repeat(3000)}`
    sent.push({ id: await chat.send(from, to, text), text, to })
  }
  for (const limit of [7, 100, 1000]) {
    const own = sent.filter(({ to }) => to !== rooms[1])
    const got = (await history(chat, 'bob', limit)).slice(1)
    t.same(
      got.map(({ id, message }) => ({ id, message })),
      own.map(({ id, text }) => ({ id, message: text })),
      `bob, by ${limit}`,
    )
  }
  t.same(
    (await chat.poll('ann', sent.at(-10)?.id)).messages.map(({ id }) => id),
    sent
      .slice(-9)
      .filter(({ to }) => to !== 'bob')
      .map(({ id }) => id),
  )
  await chat.leaveRoom('ann', rooms[1] ?? '')
  t.notOk((await history(chat, 'ann', 1000)).some(({ id }) => sent.find((it) => it.id === id)?.to === rooms[1]))
})

void t.test('the sender alone sees the client_id, also on the disk', async (t) => {
  const folder = t.testdir()
  const first = await open(t, folder)
  await first.register('ann')
  await first.register('bob')
  const room = await first.createRoom('ann', ['bob'])
  await first.post('/send', { sender: 'ann', recipient: room, message: 'x', client_id: '"1"' })
  await first.app.close()
  const chat = await open(t, folder)
  t.match((await chat.poll('ann', 1)).messages, [{ id: 2, message: 'x', client_id: '"1"' }])
  t.notOk('client_id' in ((await chat.poll('bob', 1)).messages[0] ?? {}))
})

void t.test('a client_id is remembered for a day, across restarts, whatever came between', async (t) => {
  const folder = t.testdir()
  let time = Date.UTC(2026, 10, 22, 12)
  const now = () => time
  const first = await open(t, folder, now)
  await first.register('ann')
  const request = { sender: 'ann', recipient: 'ann', message: 'once', client_id: 'a' }
  const { body } = await first.post('/send', request)
  await first.app.close()
  time += 23 * 3_600_000
  const chat = await open(t, folder, now)
  t.same((await chat.post('/send', request)).body, body)
  await fails(t, chat.post('/send', { ...request, message: 'twice' }), 409, 'client_id_reused')
  time += 3 * day
  await chat.send('ann', 'ann', 'later')
  t.not((await chat.post('/send', request)).body['message_id'], body['message_id'], 'in the end it is forgotten')
})

void t.test(
  'messages are deleted when they are as old as the setting says, and their space is given back',
  async (t) => {
    const folder = t.testdir()
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
  const folder = t.testdir()
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
  const log = new MemoryLog(now)
  await log.open((entry) => state.apply(entry))
  const history = new History(state, undefined)
  const retention = new Retention(state, log, history, 1, now, (error) => t.fail(String(error)))
  await log.append<'register'>({ type: 'register', username: 'ann', token_hash: 'aaaa' })
  const ann = state.users.named('ann')
  const send = (text: string) => log.append<'send'>({ type: 'send', sender: 1, to_user: 1, text })
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
  const folder = t.testdir()
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

  // The start deletes the old ones; nothing is in memory, so all pages are read from the disk meanwhile.
  const chat = await openChat(await inFolder(folder, now), { now })
  t.teardown(() => chat.close())
  const polls = Array.from({ length: 200 }, (_, index) => chat.poll({ username: 'ann', last_id: index * 7 }, nobody))
  for (const page of await Promise.all(polls)) {
    const { messages } = JSON.parse(page.toString()) as { messages: { message: string }[] }
    if (messages.some(({ message }) => message !== 'new') || messages.length !== 1000)
      t.fail('a page is not as it must be')
  }
  t.pass('all pages are read')
})

void t.test('the archive follows, however long a batch takes', async (t) => {
  const folder = t.testdir()
  const [engine] = engines()
  const archive = await openArchive(folder, engine as Engine)
  t.teardown(() => archive.close())
  const state = new ChatState(mebibytes, (event) => {
    archive.note(event)
  })
  await archive.restore(state)
  let position = 0
  const announce = (text: string) =>
    state.apply({ position: ++position, at: position, command: { type: 'announce', text } })
  const other = openDatabase(pathsIn(folder).archive)
  other.exec('BEGIN IMMEDIATE')
  announce('first')
  // Until the first batch is held up by the other, and what came later has waited long enough.
  for (const pause of [150, 150]) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    announce('later')
  }
  other.exec('COMMIT')
  other.close()
  while (archive.position < position) await new Promise((resolve) => setImmediate(resolve))
  t.equal(archive.position, position)
})

void t.test('a smaller bound ends no session, also not at a restart', async (t) => {
  const folder = t.testdir()
  const first = await open(t, folder)
  const tokens = [await first.register('ann', 'correct horse')]
  const { body } = await first.post('/login', { username: 'ann', password: 'correct horse' })
  tokens.push(String(body['token']))
  await first.app.close()
  for (const start of [1, 2]) {
    const chat = await startChat(t, { CHATROOM_DATA: folder, CHATROOM_SESSIONS_PER_USER: 1 })
    for (const token of tokens) t.match(await chat.poll('ann', 0, {}, token), { messages: [] }, `start ${start}`)
    await chat.app.close()
  }
})

void t.test('a room that is gone takes its messages with it', async (t) => {
  const folder = t.testdir()
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
