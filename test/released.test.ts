import t, { type Test } from 'tap'
import { backup } from '../src/cli/backup.js'
import { exportCommand } from '../src/cli/export.js'
import { importCommand } from '../src/cli/import.js'
import { restore } from '../src/cli/restore.js'
import { verify } from '../src/cli/verify.js'
import { startChat, type Chat } from './support/chat.js'
import { called } from './support/cli.js'
import { placeIn } from './support/test-folder.js'
import { askAgain, releasedFolders, unpack, unpackFile, type Asked, type Released } from './support/released.js'

const isWhole = { code: 0, out: /Nothing is wrong\.\n$/ }

/** Opens a folder as the server did that left it; it closes with the test. */
const openAs = (t: Test, { settings, now }: Released, folder: string): Promise<Chat> =>
  startChat(t, { ...settings, CHATROOM_DATA: folder }, { now: () => now })

async function compare(t: Test, chat: Chat, answers: readonly Asked[], what: string): Promise<void> {
  const again: Asked[] = []
  for (const asked of answers) again.push(await askAgain(chat, asked))
  t.same(again, answers, what)
}

/** All that was answered is answered again, and the chat goes on. */
async function isAsItWas(t: Test, chat: Chat, released: Released): Promise<void> {
  await compare(t, chat, released.answers, 'all answers are as they were')
  for (const [username, password] of Object.entries(released.passwords))
    t.match(await chat.post('/login', { username, password }), { status: 200 }, `${username} can log in`)
  const newest = newestIn(released.answers)
  await chat.register('newcomer')
  t.ok((await chat.send('newcomer', 'newcomer', 'hello')) > newest, 'ids go on')
  await chat.createRoom('newcomer', [])
}

/** The newest message of all pages. */
const newestIn = (answers: readonly Asked[]): number =>
  Math.max(...answers.map(({ body }) => (body as { last_id?: number }).last_id ?? 0))

/** Whoever has come since is online, too. */
const isOfPages = ({ url }: Asked): boolean => url.startsWith('/messages')

for (const released of await releasedFolders()) {
  const name = `${released.version} ${released.name}`

  void t.test(`nothing of a folder is lost: ${name}`, async (t) => {
    const folder = placeIn(t)
    await unpack(released, folder)
    const chat = await openAs(t, released, folder)
    await compare(t, chat, released.events, 'who comes back is told what was missed')
    await isAsItWas(t, chat, released)
    await chat.app.close()
    t.match(await called(verify, folder), isWhole)
    const again = await openAs(t, released, folder)
    t.match((await again.texts('newcomer')).at(-1), /^Room \d+ has been created/)
    await again.app.close()

    const [exported, imported] = [placeIn(t), placeIn(t)]
    await called(exportCommand, folder, exported)
    await called(importCommand, imported, exported)
    t.match(await called(verify, imported), isWhole)
    await compare(t, await openAs(t, released, imported), released.answers.filter(isOfPages), 'nor of an export')
  })

  void t.test(`nothing of a backup is lost: ${name}`, async (t) => {
    const [file, folder] = [placeIn(t), placeIn(t)]
    await unpackFile(released, 'backup', file)
    t.match(await called(verify, folder, file), { code: 1, out: /format 3, from before .* "npx chatroom restore/ })
    await called(restore, folder, file)
    t.match(await called(verify, folder), isWhole)
    await isAsItWas(t, await openAs(t, released, folder), released)
    t.match(await called(backup, folder, placeIn(t)), { code: 0 })
  })

  void t.test(`nothing of an export is lost: ${name}`, async (t) => {
    const [file, folder] = [placeIn(t), placeIn(t)]
    await unpackFile(released, 'export', file)
    await called(importCommand, folder, file)
    t.match(await called(verify, folder), isWhole)
    await isAsItWas(t, await openAs(t, released, folder), released)
  })
}
