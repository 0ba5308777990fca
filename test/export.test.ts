import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { fixed } from '../schemas/limits.js'
import { importCommand } from '../src/cli/import.js'
import { called, chatroom } from './support/cli.js'
import { filledFolder, isThere, placeIn, recordsOf } from './support/folders.js'
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
      .filter((line) => line.includes('"type":"message"'))
      .map((line) => (JSON.parse(line) as { message: { message: string } }).message.message)
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
    ['"server"', (line) => line.replace('"format":1', '"format":7'), 'its format is 7'],
    ['"name":"bob"', (line) => line.replace('"seen_at":', '"seen":'), "user must have required property 'seen_at'"],
    ['"name":"bob"', (line) => line.replace('"bob"', '"ALICE"'), 'its name "ALICE" is that of user 1'],
    ['"type":"room"', (line) => line.replace('"admin":1', '"admin":77'), 'its admin, user 77, is not there'],
    ['"type":"member"', (line) => line.replace('"user":1', '"user":77'), 'user 77 is not there'],
    ['"id":9,', () => 'nonsense', 'it is no JSON'],
    ['"id":9,', (line) => line.replace('"id":9', '"id":3'), 'its id is not greater than 8'],
    ['"id":9,', (line) => line.replace('"sender":1', '"sender":2'), 'it is from alice, but filed under bob'],
    ['"id":9,', (line) => line.replace('"target":', '"target":-'), 'cannot have been there'],
    ['"type":"sent"', (line) => line.replace(/"message_id":\d+/, '"message_id":9'), 'message 9 is another one'],
    ['"type":"sent"', (line) => line.replace('"sent"', '"user"'), "user must have required property 'number'"],
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
