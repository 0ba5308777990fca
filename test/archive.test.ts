import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { SqliteArchive } from '../src/archive/sqlite-archive.js'
import { ChatState, declaredTables } from '../src/chat/chat-state.js'
import { pathsIn } from '../src/data-folder/paths.js'
import { openDatabase } from '../src/storage/database.js'
import { engines, type Engine } from '../src/storage/engines.js'
import { startChat, fails, type Chat } from './support/chat.js'
import { applied, entries } from './support/entries.js'
import { open } from './support/little-memory.js'
import { NaiveChat } from './support/naive-chat.js'
import { inFolder, openChat } from './support/open-chat.js'
import { runs } from './support/random.js'
import { until } from './support/remote.js'
import { agree, everything, step } from './support/steps.js'
import { folderOf } from './support/test-folder.js'

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
    { ...runs(8, 100), timeout: 60_000 },
  )
  t.pass('they agree')
})

/** An archive by itself. */
const openArchive = (folder: string, engine: Engine): Promise<SqliteArchive> =>
  SqliteArchive.open('an epoch', {
    file: pathsIn(folder).archive,
    engine,
    window: { entries: 1000, age: day },
    tables: declaredTables(),
  })

for (const engine of engines()) {
  void t.test(`a state that is read back equals the one that was written, by ${engine}`, async (t) => {
    await fc.assert(
      fc.asyncProperty(entries, (all) =>
        withFolder(async (folder) => {
          const archive = await openArchive(folder, engine)
          const lived = new ChatState(mebibytes)
          await archive.restore(lived)
          // An entry that is refused, or does nothing, need not be written.
          const end: (typeof all)[number] = [{ type: 'announce', text: 'the end' }, 1000]
          for (const [i, [it, at]] of [...all, end].entries()) applied(lived, i + 1, at, it, archive)
          await archive.close()
          const again = await openArchive(folder, engine)
          const restored = new ChatState(mebibytes)
          await again.restore(restored)
          await again.close()
          assert.deepEqual(plain(restored), plain(lived))
        }),
      ),
      { ...runs(15, 200), timeout: 60_000 },
    )
    t.pass('it held')
  })
}

/** What must be the same, whatever is in memory of the messages: the facts, and what is made of them. */
function plain(state: ChatState): object {
  const { users, rooms, messages, sentKeys, time } = state
  const all = Array.from(users.things())
  return {
    facts: state.facts,
    users: all.map(({ number, made, participants, sessions, rooms }) => ({
      number,
      made,
      participants,
      sessions: [...sessions],
      rooms: Array.from(rooms.keys(), ({ id }) => id),
      keys: ['1', '2'].map((clientId) => sentKeys.find(number, clientId, messages.newest, time)),
    })),
    guests: Array.from(users.idleGuests(Infinity), ({ number }) => number),
    online: users.onlineNames('', '', 100),
    rooms: Array.from(rooms.things(), ({ admin, members }) => [
      admin?.user.number,
      ...Array.from(members.keys(), ({ number }) => number),
    ]),
  }
}

void t.test('what memory has let go of is read from the disk, without a seam', async (t) => {
  const chat = await open(t, folderOf(t))
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
  const folder = folderOf(t)
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
  const folder = folderOf(t)
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

void t.test('a client_id is remembered when its room is gone, across restarts, too', async (t) => {
  const folder = folderOf(t)
  const first = await open(t, folder)
  for (const name of ['ann', 'bob']) await first.register(name)
  const room = await first.createRoom('ann', ['bob'])
  const request = { sender: 'ann', recipient: room, message: 'once', client_id: 'a' }
  t.match(await first.post('/send', request), { status: 200 })
  for (const name of ['bob', 'ann']) await first.leaveRoom(name, room)
  await first.app.close()
  // The messages are deleted at some time after the room is gone; the second start comes after that.
  for (let start = 0; start < 2; start++) {
    const chat = await open(t, folder)
    await fails(t, chat.post('/send', { ...request, recipient: 'bob' }), 409, 'client_id_reused')
    await chat.send('ann', 'ann', 'later')
    await chat.app.close()
  }
})

void t.test('the archive follows, however long a batch takes', async (t) => {
  const folder = folderOf(t)
  const [engine] = engines()
  const archive = await openArchive(folder, engine as Engine)
  t.teardown(() => archive.close())
  const state = new ChatState(mebibytes)
  await archive.restore(state)
  let position = 0
  const announce = (text: string) =>
    archive.take(state.apply({ position: ++position, at: position, command: { type: 'announce', text } }))
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
  await until(() => archive.position >= position)
  t.equal(archive.position, position)
})

void t.test('a smaller bound ends no session, also not at a restart', async (t) => {
  const folder = folderOf(t)
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
