import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { archiveFormat } from '../src/archive/archive-format.js'
import { fixed } from '../schemas/limits.js'
import { backup } from '../src/cli/backup.js'
import { restore } from '../src/cli/restore.js'
import { verify } from '../src/cli/verify.js'
import { sums } from '../src/archive/archive-rows.js'
import { openDatabase, scalar } from '../src/storage/database.js'
import { called, chatroom } from './support/cli.js'
import { change, epochIn, filledFolder, isThere } from './support/folders.js'
import { placeIn } from './support/test-folder.js'
import { keepSending, post, textsOf } from './support/load.js'
import { startServer } from './support/server.js'

void t.test('a backup under load has all that was answered before, and a server goes on from it', async (t) => {
  const server = await startServer(t)
  for (const username of ['alice', 'bob']) await post(server, '/register', { username })
  const load = keepSending(server)
  while (load.answered.length < 50) await textsOf(server, 'bob')
  const before = [...load.answered]
  const file = placeIn(t)
  t.match(await chatroom(join(server.folder, 'data'), ['backup', file]), { code: 0 })
  t.match(await chatroom(join(server.folder, 'data'), ['verify']), { code: 0, out: /Nothing is wrong\.\n$/ })
  await load.stop()
  t.ok(load.answered.length > before.length, 'it was taken under load')

  t.match(await chatroom('unused', ['verify', file]), { code: 0, out: /Nothing is wrong\.\n$/ })
  const folder = placeIn(t)
  t.match(await chatroom(folder, ['restore', file]), { code: 0 })
  t.match(await chatroom(folder, ['verify']), { code: 0, out: /Nothing is wrong\.\n$/ })
  const restored = await startServer(t, { CHATROOM_DATA: folder })
  const texts = await textsOf(restored, 'bob')
  t.same(texts.slice(0, before.length), before)
  t.same(texts, load.answered.slice(0, texts.length), 'nor is anything between lost')
  t.match(await post(restored, '/send', { sender: 'bob', recipient: 'alice', message: 'on' }), {
    message_id: texts.length + 1 + fixed.skippedIds,
  })
})

void t.test('what is restored is another log than the one before, in both files', async (t) => {
  const [from, file, folder] = [await filledFolder(t), placeIn(t), placeIn(t)]
  await called(backup, from, file)
  await called(restore, folder, file)
  const epochs = [from, folder].map((folder) => ['archive.db', 'log.db'].map((name) => epochIn(join(folder, name))))
  const [[before], [archive, log]] = epochs as [string[], string[]]
  t.not(archive, before)
  t.equal(archive, log)
})

void t.test('a backup is without the live events', async (t) => {
  const [from, file] = [await filledFolder(t), placeIn(t)]
  await called(backup, from, file)
  t.match(await called(verify, from, file), { code: 0, out: /sent 5\n.*Nothing is wrong\.\n$/s })
  const folder = placeIn(t)
  await called(restore, folder, file)
  const database = openDatabase(join(folder, 'archive.db'))
  t.equal(scalar(database, 'PRAGMA user_version'), archiveFormat.steps.length)
  t.equal(scalar(database, 'SELECT count(*) FROM journal'), 0)
  database.close()
  t.match(await called(verify, folder), { code: 0, out: /live events 0\n.*Nothing is wrong\.\n$/s })
})

void t.test('a backup does not take the place of another file', async (t) => {
  const folder = await filledFolder(t)
  const file = placeIn(t)
  await writeFile(file, 'precious')
  t.match(await chatroom(folder, ['backup', file]), { code: 1, error: /is there already/ })
  t.equal(await readFile(file, 'utf8'), 'precious')
})

void t.test('a damaged folder makes no backup', async (t) => {
  const folder = await filledFolder(t)
  const file = placeIn(t)
  change(join(folder, 'archive.db'), 'UPDATE messages SET sender = 2 WHERE id = 5')
  t.match(await chatroom(folder, ['backup', file]), { code: 1, error: /message 5 is not what was written/ })
  t.equal(await isThere(file), false)
  t.equal(await isThere(`${file}.partial`), false)
})

void t.test('a damaged backup is refused, and nothing is put in place', async (t) => {
  const from = await filledFolder(t)
  const whole = placeIn(t)
  t.match(await called(backup, from, whole), { code: 0 })
  for (const [sql, says] of [
    ["UPDATE messages SET record = replace(record, 'message', 'massage') WHERE id = 7", /message 7 is not what was/],
    ['DELETE FROM messages WHERE id = 7', /messages has \d+ rows of the \d+ that it had/],
    ['DELETE FROM log WHERE first = 4', /log has \d+ rows/],
    ['UPDATE log SET at = at + 1 WHERE first = 4', /entries 4 to \d+ are not what was written/],
  ] as const) {
    const file = placeIn(t)
    await cp(whole, file)
    change(file, sql)
    const folder = placeIn(t)
    await t.rejects(called(restore, folder, file), { name: 'DataError', message: says })
    t.equal(await isThere(join(folder, 'archive.db')), false)
    t.equal(await isThere(join(folder, 'log.db')), false)
  }
  const cut = placeIn(t)
  await writeFile(cut, (await readFile(whole)).subarray(0, 20_000))
  t.match(await chatroom(placeIn(t), ['restore', cut]), { code: 1, error: /is damaged: / })
})

void t.test('a backup whose rows have right sums is refused if no server can have written them', async (t) => {
  const whole = placeIn(t)
  await called(backup, await filledFolder(t), whole)
  const cases: [string, (record: Record<string, unknown>) => object, RegExp][] = [
    ['users', (user) => ({ ...user, number: 1, name: 'BOB' }), /its name "BOB" is that of user|is that of user 1, too/],
    ['users', (user) => ({ ...user, seen_at: 2 ** 53 }), /seen_at must be <=/],
    [
      'users',
      (user) => ({ ...user, password_hash: `$argon2id$v=19$m=4294967295,t=2,p=1$c2FsdHNhbHRzYWx0$${'h'.repeat(43)}` }),
      /password_hash must match format/,
    ],
    ['members', (member) => ({ ...member, user: 77 }), /its user 77 is not there|has another key inside/],
    ['members', (member) => ({ ...member, role: 'member' }), /room 1 has no admin/],
  ]
  for (const [table, make, says] of cases) {
    const [file, folder] = [placeIn(t), placeIn(t)]
    await cp(whole, file)
    const database = openDatabase(file)
    const row = database.prepare(`SELECT * FROM ${table} LIMIT 1`).get() as { place: number; key: string; data: string }
    const data = JSON.stringify(make(JSON.parse(row.data) as Record<string, unknown>))
    const sum = sums.row(table, { key: row.key, data })
    database.prepare(`UPDATE ${table} SET data = ?, checksum = ? WHERE place = ?`).run(data, sum, row.place)
    database.close()
    await t.rejects(called(restore, folder, file), { name: 'DataError', message: says })
    t.equal(await isThere(join(folder, 'log.db')), false)
  }
})
