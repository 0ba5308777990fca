import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { fixed } from '../schemas/limits.js'
import type { SessionRow } from '../schemas/rows.js'
import { importCommand } from '../src/cli/import.js'
import { called, chatroom } from './support/cli.js'
import { filledFolder, isThere, recordsOf } from './support/folders.js'
import { placeIn } from './support/test-folder.js'
import { keepSending, post, textsOf } from './support/load.js'
import { startServer } from './support/server.js'

void t.test('what is exported, imported and exported again is the same, and a server goes on from it', async (t) => {
  const from = await filledFolder(t)
  const file = placeIn(t)
  t.match(await chatroom(from, ['export', file]), { code: 0, out: '' })
  const folder = placeIn(t)
  t.match(await chatroom(folder, ['import', file]), { code: 0 })
  t.match(await chatroom(folder, ['verify']), { code: 0, out: /Nothing is wrong\.\n$/ })
  t.equal(recordsOf((await chatroom(folder, ['export'])).out), recordsOf(await readFile(file, 'utf8')))

  const server = await startServer(t, { CHATROOM_DATA: folder })
  const texts = await textsOf(server, 'bob')
  t.equal(texts.length, 15)
  const repeated = { sender: 'alice', recipient: 'bob', message: '"message" 4 💬', client_id: 'c4' }
  t.match(await post(server, '/send', repeated), { message_id: 5 }, 'a repeat is known')
  t.match(await post(server, '/send', { ...repeated, client_id: 'new' }), { message_id: 23 + fixed.skippedIds })
  await server.stop()
  t.match(await chatroom(folder, ['verify']), { code: 0, out: /Nothing is wrong\.\n$/ })
})

void t.test('an export has all that was answered, whether the server runs or was killed', async (t) => {
  const server = await startServer(t)
  for (const username of ['alice', 'bob']) await post(server, '/register', { username })
  const load = keepSending(server)
  while (load.answered.length < 50) await textsOf(server, 'bob')
  const before = [...load.answered]
  const folder = join(server.folder, 'data')
  const texts = async (): Promise<string[]> =>
    (await chatroom(folder, ['export'])).out
      .split('\n')
      .filter((line) => line.startsWith('{"message"'))
      .map((line) => (JSON.parse(line) as { message: { message: { message: string } } }).message.message.message)
  t.same((await texts()).slice(0, before.length), before)
  await Promise.all([server.stop('SIGKILL'), t.rejects(load.done)])
  const kept = await texts()
  t.same(kept.slice(0, load.answered.length), load.answered)
  t.match(await chatroom(folder, ['verify']), { code: 0 })
})

void t.test('a line that does not fit is named, and nothing is put in place', async (t) => {
  const lines = (await chatroom(await filledFolder(t), ['export'])).out.trimEnd().split('\n')
  const lineOf = (part: string): number => lines.findIndex((line) => line.includes(part))
  const folder = placeIn(t)
  const cases: [part: string, change: (line: string) => string, says: string][] = [
    ['"server"', (line) => line.replace('"format":2', '"format":7'), 'its format is 7'],
    ['"name":"bob"', (line) => line.replace('"seen_at":', '"seen":'), "users must have required property 'seen_at'"],
    ['"name":"bob"', (line) => line.replace('"bob"', '"ALICE"'), 'its name "ALICE" is that of user 1'],
    ['"role":"member"', (line) => line.replace('"member"', '"admin"'), 'room 1 has more than one admin'],
    ['{"members"', (line) => line.replace('"user":1', '"user":77'), 'its user 77 is not there'],
    ['{"sessions"', (line) => line.replace('"user":1', '"user":77'), 'its user 77 is not there'],
    ['"id":9,', () => 'nonsense', 'it is no JSON'],
    ['"id":9,', (line) => line.replace('"id":9', '"id":3'), 'its id is not greater than 8'],
    ['"id":9,', (line) => line.replace('"sender":1', '"sender":2'), 'it is from alice, but filed under bob'],
    ['"id":9,', (line) => line.replace('"target":', '"target":-'), 'cannot have been there'],
    ['{"sent"', (line) => line.replace(/"message_id":\d+/, '"message_id":9'), 'message 9 is another one'],
    ['{"sent"', (line) => line.replace('"sent"', '"users"'), "users must have required property 'number'"],
    ['{"sent"', (line) => line.replace('"sent"', '"person"'), 'it must be one of server, '],
  ]
  for (const [part, change, says] of cases) {
    const number = lineOf(part)
    const bad = lines.with(number, change(lines[number] as string))
    const file = placeIn(t)
    await writeFile(file, `${bad.join('\n')}\n`)
    const message = await called(importCommand, folder, file).then(() => 'it is taken', String)
    t.ok(message.includes(`line ${number + 1} of ${file}: `), message)
    t.ok(message.includes(says), message)
  }
  t.equal(await isThere(join(folder, 'archive.db')), false)
  t.equal(await isThere(join(folder, 'log.db')), false)
})

/** A hash of a password that costs so much. */
const cost = (parameters: string): string => `$argon2id$v=19$${parameters}$c2FsdHNhbHRzYWx0$${'h'.repeat(43)}`

void t.test('no field of an import is beyond what a server can go on from', async (t) => {
  const from = await filledFolder(t)
  const lines = (await chatroom(from, ['export'])).out.trimEnd().split('\n')
  const huge = 2 ** 53 - 1
  const late = Date.UTC(10_000, 0)
  const cases: [type: string, field: string, values: unknown[]][] = [
    ['server', 'position', [2 ** 53, huge, 1e300]],
    ['server', 'time', [late, 1.5, -1]],
    ['server', 'newest_message', [huge]],
    ['server', 'newest_room', [huge]],
    ['server', 'newest_user', [huge]],
    ['server', 'expired', [5000]],
    ['server', 'keys_since', [5000]],
    ['server', 'skipped', [{ after: 1, to: huge }]],
    ['announcement', 'text', ['x'.repeat(70_000)]],
    ['server', 'bounds', [{ users: -1 }]],
    ['users', 'password_hash', [cost('m=4294967295,t=2,p=1'), cost('m=19456,t=99,p=1'), cost('m=19456,t=2,p=99'), 'x']],
    ['sessions', 'token_hash', ['x'.repeat(65), 'x']],
    ['sessions', 'used_at', [late, Date.UTC(9000, 0)]],
    ['sessions', 'used_in', [5000]],
    ['sessions', 'device', ['x'.repeat(201)]],
    [
      'sessions',
      'tickets',
      [Array.from({ length: 17 }, () => ({ hash: 'x', made_at: 1 })), [{ hash: 'x'.repeat(65), made_at: 1 }]],
    ],
    ['users', 'seen_at', [late]],
    ['users', 'number', [0, huge]],
    ['rooms', 'name', ['x'.repeat(101)]],
    ['rooms', 'topic', ['x'.repeat(501)]],
    ['rooms', 'retention', [0, 36_501]],
    ['rooms', 'expired', [5000]],
    ['members', 'room', [0, huge]],
    ['message', 'sent_at', [late]],
    ['message', 'target', [huge, -huge]],
    ['message', 'client_id', ['x'.repeat(65)]],
    ['sent', 'client_id', ['', 'x'.repeat(65)]],
    ['sent', 'sent_at', [late]],
    ['sent', 'content_hash', ['x'.repeat(65)]],
  ]
  const refusal = async (type: string, change: (record: Record<string, unknown>) => object) => {
    const number = lines.findIndex((line) => line.startsWith(`{"${type}"`) || line.includes(`,"${type}":{"position"`))
    const { [type]: record = {}, ...rest } = JSON.parse(lines[number] as string) as Record<
      string,
      Record<string, unknown>
    >
    const bad = JSON.stringify({ ...rest, [type]: change(record) })
    const file = placeIn(t)
    await writeFile(file, `${lines.with(number, bad).join('\n')}\n`)
    const message = await called(importCommand, placeIn(t), file).then(() => 'it is taken', String)
    return { message, line: `line ${number + 1} of ${file}: ` }
  }
  for (const [type, field, values] of cases)
    for (const value of values) {
      const { message, line } = await refusal(type, (record) => ({ ...record, [field]: value }))
      t.ok(message.includes(line), `${type}.${field} ${JSON.stringify(value).slice(0, 40)}: ${message.slice(0, 200)}`)
    }
  for (const inside of [{ message: 'x'.repeat(100_001) }, { id: huge }, { sender: 'x'.repeat(33) }, { more: 1 }]) {
    const { message, line } = await refusal('message', (it) => ({
      ...it,
      message: { ...(it['message'] as object), ...inside },
    }))
    t.ok(message.includes(line), `a message with ${JSON.stringify(inside).slice(0, 40)}: ${message.slice(0, 200)}`)
  }
})

void t.test('no import has two tokens that begin alike: a server takes them for one', async (t) => {
  const from = await filledFolder(t)
  const lines = (await chatroom(from, ['export'])).out.trimEnd().split('\n')
  const sessions = lines.filter((line) => line.startsWith('{"sessions"'))
  const [first, second] = sessions.map((line) => (JSON.parse(line) as { sessions: SessionRow }).sessions)
  if (!first || !second) throw new Error('there are too few sessions to try it')
  const alike = first.token_hash.slice(0, -1) + (first.token_hash.endsWith('A') ? 'B' : 'A')
  const number = lines.findIndex((line) => line.includes(second.token_hash))
  const bad = JSON.stringify({ sessions: { ...second, token_hash: alike } })
  const file = placeIn(t)
  await writeFile(file, `${lines.with(number, bad).join('\n')}\n`)
  await t.rejects(called(importCommand, placeIn(t), file), {
    message: new RegExp(`line ${number + 1} of .*its token begins as that of another`),
  })
})
