import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { verify } from '../src/cli/verify.js'
import { openDatabase, scalar } from '../src/storage/database.js'
import { called, chatroom } from './support/cli.js'
import { change, filledFolder, recordsOf } from './support/folders.js'
import { placeIn } from './support/test-folder.js'
import { sums } from '../src/archive/archive-rows.js'
import { eventJson } from '../src/archive/journal.js'
import { inFolder, openChat } from './support/open-chat.js'

void t.test('verify finds what has changed or is missing', async (t) => {
  const whole = await filledFolder(t)
  t.match(await called(verify, whole), { code: 0, out: /compared with the log: 20.*Nothing is wrong\.\n$/s })
  const cases = [
    [
      'archive.db',
      "UPDATE about SET value = replace(value, 'newest_user\":4', 'newest_user\":5')",
      /record of the server/,
    ],
    ['archive.db', "UPDATE users SET data = replace(data, 'alice', 'alicf') WHERE key = '1'", /user 1 is not what was/],
    ['archive.db', "UPDATE rooms SET data = replace(data, 'Tea', 'Ted')", /room 1 is not what was written/],
    ['archive.db', "UPDATE members SET key = '1 4' WHERE key = '1 2'", /member 1 4 is not what was written/],
    [
      'archive.db',
      "UPDATE messages SET record = replace(record, '💬', '💭') WHERE id = 9",
      /message 9 is not what was/,
    ],
    ['archive.db', "UPDATE sent SET data = replace(data, ':5', ':6')", /client_id 1 c4 is not what was/],
    ['archive.db', "DELETE FROM members WHERE key = '1 1'", /room 1 has no admin/],
    ['archive.db', "DELETE FROM users WHERE key = '2'", /its user 2 is not there/],
    ['archive.db', 'DELETE FROM messages WHERE id = 22', /newest message of room 1 is \d+, but there was message 22/],
    ['archive.db', 'DELETE FROM messages WHERE id = 17', /message 17 is missing/],
    ['archive.db', "UPDATE about SET value = 'x' WHERE name = 'epoch'", /belongs to another log/],
    [
      'log.db',
      'UPDATE log SET entries = replace(entries, 10, 11) WHERE first = 10',
      /entries 10 to 10 are not what was/,
    ],
    ['log.db', 'DELETE FROM log WHERE first = 10', /entries 10 to 10 are missing/],
    ['log.db', 'DELETE FROM log WHERE first > 20', /ends at entry 20, but the archive has entries up to/],
  ] as const
  for (const [file, sql, says] of cases) {
    const folder = placeIn(t)
    await cp(whole, folder, { recursive: true })
    change(join(folder, file), sql)
    const { code, out } = await called(verify, folder)
    t.equal(code, 1, sql)
    t.match(out, says)
    t.match(out, new RegExp(`^.*${file}.*chatroom restore FILE"\\.$`, 'm'), 'names the file and the cure')
  }
})

void t.test('verify finds a message that is not what the log says was sent', async (t) => {
  const folder = await filledFolder(t)
  const archive = openDatabase(join(folder, 'archive.db'))
  const row = archive.prepare('SELECT * FROM messages WHERE id = 9').get() as Parameters<typeof sums.message>[0]
  const record = Buffer.from(Buffer.from(row.record).toString().replace('💬', '🤐'))
  archive
    .prepare('UPDATE messages SET record = ?, checksum = ? WHERE id = 9')
    .run(record, sums.message({ ...row, record }))
  archive.close()
  t.match(await chatroom(folder, ['verify']), { code: 1, out: /message 9 is not what .*log\.db says was sent/ })
})

const event = (position: number, messageId: number): string =>
  eventJson({ position, index: 0, at: 1, targets: [], type: 'message.edited', messageId })

void t.test('verify finds what has changed or is missing in the journal', async (t) => {
  const folder = await filledFolder(t)
  const archive = openDatabase(join(folder, 'archive.db'))
  t.teardown(() => {
    archive.close()
  })
  const last = Number(scalar(archive, "SELECT json_extract(value, '$.position') FROM about WHERE name = 'server'"))
  const put = archive.prepare('INSERT INTO journal VALUES (?, ?, ?, ?, ?)')
  const verified = async (...rows: [first: number, last: number, entries: string, wrong?: number][]) => {
    archive.exec('DELETE FROM journal')
    for (const [first, last, text, wrong = 0] of rows) {
      const entries = Buffer.from(text)
      put.run(first, last, 1, entries, sums.journal({ first, last, at: 1, entries }) + wrong)
    }
    return called(verify, folder)
  }
  const ofTwo = [1, 10, event(9, 1) + event(10, 2)] as const
  t.match(await verified([...ofTwo], [11, last, event(12, 4)]), { code: 0, out: /live events 3\n.*Nothing is wrong/s })
  t.match(await verified([7, last, '']), { code: 0, out: /live events 0\n/ }, 'old ones are deleted')
  for (const [says, ...rows] of [
    [/the journal of entries 1 to 10 is not what was written/, [...ofTwo, 1], [11, last, event(12, 4)]],
    [/the journal of entries 11 to 12 is missing/, [...ofTwo], [13, last, event(14, 4)]],
    [/the journal of entries 11 to \d+ is missing/, [...ofTwo]],
    [/event 0 of entry 11 cannot have been there/, [1, 10, event(11, 1)], [11, last, '']],
    [/event 0 of entry 10 cannot have been there/, [1, last, event(10, 1) + event(10, 2)]],
    [/event 0 of entry 10 cannot have been there/, [1, last, event(10, 23)]],
  ] as [RegExp, ...Parameters<typeof verified>][])
    t.match(await verified(...rows), { code: 1, out: says })
})

void t.test('old messages that have been deleted are no damage', async (t) => {
  const folder = await filledFolder(t)
  change(join(folder, 'archive.db'), 'DELETE FROM messages WHERE id <= 12; DELETE FROM messages WHERE target = 2')
  t.match(await called(verify, folder), { code: 0, out: /Nothing is wrong\.\n$/ })
  const { out } = await chatroom(folder, ['export'])
  const imported = placeIn(t)
  t.match(await chatroom(imported, ['import'], out), { code: 0 })
  t.equal(recordsOf((await chatroom(imported, ['export'])).out), recordsOf(out))
})

void t.test('a chat of which messages were deleted for their age, or with their room, is whole', async (t) => {
  const folder = placeIn(t)
  let time = Date.UTC(2026, 10, 1)
  const now = () => time
  const nobody = { tokenHash: undefined }
  const first = await openChat(await inFolder(folder, now), { now })
  await first.register('ann')
  const rooms: string[] = []
  for (const retention of [undefined, 1, 9, undefined]) {
    const room = { admin: 'ann', participants: [], ...(retention !== undefined && { retention }) }
    rooms.push((await first.createRoom(room, nobody)).roomId)
  }
  for (const recipient of ['ann', ...rooms])
    await first.send({ sender: 'ann', recipient, message: 'hello', client_id: recipient }, nobody)
  for (const room of rooms.slice(2)) await first.leaveRoom('ann', room, nobody)
  await first.close()
  time += 2 * 86_400_000
  await (await openChat(await inFolder(folder, now), { now })).close()
  t.match(await called(verify, folder), { code: 0, out: /Nothing is wrong\.\n$/ })
  const { out } = await chatroom(folder, ['export'])
  const copy = placeIn(t)
  t.match(await chatroom(copy, ['import'], out), { code: 0 })
  t.match(await called(verify, copy), { code: 0, out: /Nothing is wrong\.\n$/ })
  t.equal(recordsOf((await chatroom(copy, ['export'])).out), recordsOf(out))
})
