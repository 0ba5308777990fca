import { join } from 'node:path'
import t, { type Test } from 'tap'
import { backup } from '../src/cli/backup.js'
import { exportCommand } from '../src/cli/export.js'
import { importCommand } from '../src/cli/import.js'
import { restore } from '../src/cli/restore.js'
import { verify } from '../src/cli/verify.js'
import { openDatabase } from '../src/storage/database.js'
import type { Chat } from './support/chat.js'
import { clientAt, Following } from './support/chat-client.js'
import { called } from './support/cli.js'
import { placeIn } from './support/test-folder.js'
import { transports } from './support/listener.js'
import { startLiveChat } from './support/live-chat.js'

/** Sends some messages to bob. @returns their ids */
async function send(chat: Chat, texts: readonly string[]): Promise<number[]> {
  const ids: number[] = []
  for (const text of texts) ids.push(await chat.send('alice', 'bob', text))
  return ids
}

const named = (what: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${what} ${index}`)

/** How a chat is taken away and brought back. */
const ways = [
  { name: 'restore', out: backup, back: restore },
  { name: 'import', out: exportCommand, back: importCommand },
]

/** A chat that goes on from what was kept of one that had gone on otherwise. */
async function broughtBack(t: Test, { out, back }: (typeof ways)[number]) {
  const [from, file, folder] = [placeIn(t), placeIn(t), placeIn(t)]
  const { chat, url } = await startLiveChat(t, { CHATROOM_DATA: from })
  for (const username of ['alice', 'bob']) await chat.register(username)
  const kept = await send(chat, named('kept', 10))
  await called(out, from, file)
  const lost = await send(chat, named('lost', 10))
  const room = await chat.createRoom('alice', ['bob'])
  const { event_id: cursor } = await new Following(t, clientAt(url, { username: 'bob' })).next('hello')
  await chat.app.close()
  await called(back, folder, file)
  return { kept, lastId: lost.at(-1) as number, room, cursor, folder }
}

for (const way of ways)
  void t.test(`after ${way.name} nobody loses messages, whatever was given before`, async (t) => {
    const { kept, lastId, room, cursor, folder } = await broughtBack(t, way)
    t.match(await called(verify, folder), { code: 0, out: /Nothing is wrong\.\n$/ })
    const { chat, url } = await startLiveChat(t, { CHATROOM_DATA: folder })
    const listeners = transports.map((it) => it.open(t, url, { username: 'bob', lastEventId: cursor }))
    for (const listener of listeners) t.match(await listener.next('resync'), { type: 'resync' })
    const following = new Following(t, clientAt(url, { username: 'bob' }), cursor)
    await following.next('resync')

    const texts = named('new', 3)
    const ids = await send(chat, texts)
    t.ok(Math.min(...ids) > lastId, `${ids.join(', ')} are behind ${lastId}`)
    t.same(await chat.texts('bob', lastId), texts)
    for (const listener of listeners) t.same(await listener.texts(3), texts, 'it goes on behind resync')
    t.same(await following.texts(3), texts)
    const { messages } = await chat.poll('bob')
    t.same(
      messages.map(({ id }) => id),
      [...kept, ...ids],
      'what was kept is as it was',
    )
    t.match(await chat.poll('bob', kept.at(-1), { limit: 2 }), { last_id: ids[1], has_more: true })
    t.not(await chat.createRoom('alice', ['bob']), room, 'nor is the id of a room used twice')
    await chat.app.close()

    t.match(await called(verify, folder), { code: 0, out: /Nothing is wrong\.\n$/ })
    const { chat: again } = await startLiveChat(t, { CHATROOM_DATA: folder })
    t.same((await again.texts('bob', lastId)).slice(0, 3), texts)
    const [last = 0, [next = 0]] = [ids.at(-1), await send(again, ['next'])]
    t.ok(next > last && next < last + 10, 'ids are passed over once')
  })

void t.test('a repeat is known over a restore, and over another', async (t) => {
  const folders = [placeIn(t), placeIn(t), placeIn(t)]
  const once = { sender: 'alice', recipient: 'bob', message: 'once', client_id: 'c1' }
  let last = 0
  for (const [round, folder] of folders.entries()) {
    const { chat } = await startLiveChat(t, { CHATROOM_DATA: folder })
    // What is sent stays in the log for now: so it does in the backup.
    const other = openDatabase(join(folder, 'archive.db'))
    other.exec('BEGIN IMMEDIATE')
    if (round === 0) for (const username of ['alice', 'bob']) await chat.register(username)
    t.match(await chat.post('/send', once), { status: 200, body: { message_id: 1 } }, `after restore ${round}`)
    const [id = 0] = await send(chat, ['other'])
    t.ok(id > last)
    last = id
    const file = placeIn(t)
    await called(backup, folder, file)
    const next = folders[round + 1]
    if (next !== undefined) await called(restore, next, file)
    other.exec('ROLLBACK')
    other.close()
    await chat.app.close()
  }
})
