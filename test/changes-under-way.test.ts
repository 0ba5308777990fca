import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { credentials } from '../src/chat/access.js'
import type { ChatService } from '../src/chat/chat-service.js'
import type { ChatOptions } from '../src/node/open-chat.js'
import { verify } from '../src/cli/verify.js'
import { writeBackup } from '../src/data-folder/write-backup.js'
import { pathsIn } from '../src/data-folder/paths.js'
import { openDatabase } from '../src/storage/database.js'
import { called } from './support/cli.js'
import { placeIn } from './support/test-folder.js'
import { untilGone } from './support/little-memory.js'
import { inFolder, openChat, stateOf } from './support/open-chat.js'
import { until } from './support/remote.js'

const nobody = credentials(undefined)
const hour = 3_600_000
const secret = 'the secret'

interface Page {
  readonly messages: readonly { readonly id: number; readonly message: string }[]
}

/** A chat in a folder with room for little in memory, in which there are Ann, Bob and Cy. */
async function start(t: Test, options: Partial<ChatOptions> = {}, onRead?: () => Promise<void>) {
  const folder = placeIn(t)
  const storage = await inFolder(folder, options.now)
  const { archive } = storage
  if (archive && onRead) {
    const neighbours = archive.neighbours.bind(archive)
    archive.neighbours = async (...args) => {
      const part = await neighbours(...args)
      await onRead()
      return part
    }
  }
  const chat = await openChat(storage, { messageMemory: 2 ** 21, guestTtl: 10 ** 9, clockIsRight: true, ...options })
  t.teardown(() => chat.close())
  for (const name of ['ann', 'bob', 'cy']) await chat.register(name)
  const archived = () => until(() => archive?.position === stateOf(chat).position)
  /** Puts what was sent before on the disk alone: memory lets go of it for what comes once it is archived. */
  const forget = async () => {
    for (let times = 0; times < 2; times++) {
      await fill(chat)
      await archived()
    }
  }
  return { chat, folder, archived, forget }
}

const send = async (chat: ChatService, sender: string, recipient: string, message: string): Promise<number> =>
  (await chat.send({ sender, recipient, message }, nobody)).message_id

/** Sends so much that memory lets go of what was sent before. */
const fill = (chat: ChatService) =>
  Promise.all(Array.from({ length: 800 }, () => send(chat, 'cy', 'cy', 'x'.repeat(3900))))

/** Reads the archive, as a backup does, until the function is called that it gives. */
function beginReading(folder: string): () => void {
  const reader = openDatabase(join(folder, 'archive.db'), { readOnly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM messages').get()
  return () => {
    reader.exec('COMMIT')
    reader.close()
  }
}

async function textsOf(chat: ChatService, username: string, recipient: string, query: object): Promise<string[]> {
  const json = await chat.conversationMessages(recipient, { username, ...query }, nobody)
  return (JSON.parse(json.toString()) as Page).messages.map(({ message }) => message)
}

const edit = (chat: ChatService, username: string, id: number, message: string) =>
  chat.editMessage(id, { username, message }, nobody)

void t.test('a page misses nothing that memory lets go of while the disk is read', async (t) => {
  let meanwhile: (() => Promise<unknown>) | undefined
  const { chat, archived, forget } = await start(t, {}, async () => {
    const once = meanwhile
    meanwhile = undefined
    await once?.()
  })
  const sent: string[] = []
  const say = async () => {
    sent.push(`m${sent.length}`)
    await send(chat, 'ann', 'bob', sent.at(-1) ?? '')
  }
  for (let count = 0; count < 5; count++) await say()
  await forget()
  for (let count = 0; count < 5; count++) await say()
  await archived()
  meanwhile = () => fill(chat)
  t.same(await textsOf(chat, 'ann', 'bob', { limit: 8 }), sent.slice(-8))
  for (let count = 0; count < 8; count++) await say()
  await archived()
  meanwhile = async () => {
    await forget()
    for (let count = 0; count < 3; count++) await say()
  }
  const page = await textsOf(chat, 'ann', 'bob', { after_id: 1, limit: 100 })
  t.same(page, sent.slice(1))
})

void t.test('what expires while the disk is read is answered to nobody', async (t) => {
  let now = Date.UTC(2026, 0, 1)
  let expire: (() => Promise<void>) | undefined
  const { chat, forget } = await start(t, { now: () => now, retention: 1 }, async () => expire?.())
  const { roomId } = await chat.createRoom({ admin: 'ann', participants: ['bob', 'cy'] }, nobody)
  await Promise.all(Array.from({ length: 500 }, (_, index) => send(chat, 'ann', roomId, `m${index}`)))
  await forget()
  now += 25 * hour
  expire = () => chat['retention'].expire()
  for (const query of [{ after_id: 100 }, {}]) t.same(await textsOf(chat, 'bob', roomId, query), [])
})

void t.test(
  'a text that is deleted goes from all files, though somebody reads, and though the server stops',
  async (t) => {
    const { chat, folder, archived } = await start(t)
    const [first, second] = [await send(chat, 'ann', 'ann', secret), await send(chat, 'ann', 'ann', `${secret}, too`)]
    await archived()
    const endReading = beginReading(folder)
    await chat.deleteMessage(first, { username: 'ann' }, nobody)
    await archived()
    t.ok((await readFile(join(folder, 'archive.db-wal'))).includes(secret), 'it is there as long as somebody reads')
    endReading()
    await chat.deleteMessage(second, { username: 'ann' }, nobody)
    await chat.close()
    for (const name of ['archive.db', 'log.db']) t.notOk((await readFile(join(folder, name))).includes(secret), name)
    const file = placeIn(t)
    await writeBackup(pathsIn(folder), file, () => undefined)
    t.notOk((await readFile(file)).includes(secret), 'nor is it in a backup')
    t.match(await called(verify, folder), { code: 0, out: /Nothing is wrong/ })
  },
)

void t.test('a text that is deleted while somebody reads goes from an idle server', async (t) => {
  const { chat, folder, archived } = await start(t)
  const id = await send(chat, 'ann', 'ann', secret)
  await archived()
  const endReading = beginReading(folder)
  await chat.deleteMessage(id, { username: 'ann' }, nobody)
  await archived()
  endReading()
  await untilGone(folder, ['archive.db', 'log.db'], secret)
})

void t.test('while the archive cannot be written, nobody reads what has been deleted', async (t) => {
  const { chat, folder, archived, forget } = await start(t)
  const id = await send(chat, 'ann', 'bob', secret)
  await forget()
  const other = openDatabase(join(folder, 'archive.db'))
  other.exec('BEGIN IMMEDIATE')
  await chat.deleteMessage(id, { username: 'ann' }, nobody)
  t.same(await textsOf(chat, 'bob', 'ann', {}), [''])
  const polled = JSON.parse((await chat.poll({ username: 'bob', last_id: 0 }, nobody)).toString()) as Page
  t.match(polled.messages, [{ id, message: '' }])
  other.exec('ROLLBACK')
  other.close()
  await archived()
  t.same(await textsOf(chat, 'bob', 'ann', {}), [''])
})

void t.test('an edit that cannot be made is not logged, and those of one message have turns', async (t) => {
  const { chat } = await start(t)
  const { roomId } = await chat.createRoom({ admin: 'ann', participants: ['bob'] }, nobody)
  const id = await send(chat, 'ann', roomId, 'hello')
  const state = stateOf(chat)
  const before = state.position
  for (let count = 0; count < 20; count++) await t.rejects(edit(chat, 'bob', id, 'mine'), { code: 'not_allowed' })
  t.equal(state.position, before)
  const edits = Array.from({ length: 100 }, (_, index) => edit(chat, 'ann', id, `edit ${index}`))
  await Promise.all(edits)
  t.equal(state.position, before + edits.length, 'each is logged once')
  t.same((await textsOf(chat, 'bob', roomId, {})).at(-1), 'edit 99', 'in the order in which they came')
  Object.assign(state.bounds, { bytes_per_day: 1 })
  await t.rejects(edit(chat, 'ann', id, 'more'), { code: 'storage_used_up' })
  t.equal(state.position, before + edits.length)
})

for (const kind of ['the server', 'a room'] as const)
  void t.test(`whoever comes back is not told what has expired, by the retention of ${kind}`, async (t) => {
    let now = Date.UTC(2026, 0, 1)
    const { chat, forget } = await start(t, { now: () => now, retention: kind === 'the server' ? 1 : 0 })
    const { roomId } = await chat.createRoom(
      { admin: 'ann', participants: ['bob'], ...(kind === 'a room' && { retention: 1 }) },
      nobody,
    )
    const id = await send(chat, 'ann', roomId, 'old')
    await forget()
    now += 23 * hour
    await send(chat, 'ann', 'bob', 'young')
    const cursor = listen(chat).cursor
    await edit(chat, 'ann', id, secret)
    now += 2 * hour
    await chat['retention'].expire()
    await send(chat, 'ann', 'bob', 'new')
    const { told } = listen(chat, cursor)
    t.notMatch(told, secret)
    t.match(told, '"new"')
  })

/** Listens as Bob for a moment. */
function listen(chat: ChatService, lastEventId?: string): { cursor: string; told: string } {
  let told = ''
  const user = chat.listener('bob', nobody)
  const subscription = chat.listen(
    { user, credentials: nobody },
    { lastEventId },
    {
      hasRoom: true,
      close: () => undefined,
      take: (batch) =>
        (told += batch.as({ number: 9, frame: (json) => Buffer.concat([json, Buffer.from('\n')]) }).toString()),
    },
  )
  const cursor = subscription.settle()
  subscription.end()
  return { cursor, told }
}

void t.test('a row that is damaged is not made good by an edit', async (t) => {
  const { chat, folder, archived } = await start(t)
  const id = await send(chat, 'ann', 'bob', 'hello')
  await archived()
  const other = openDatabase(join(folder, 'archive.db'))
  other.prepare('UPDATE messages SET sent_at = sent_at + 1 WHERE id = ?').run(id)
  other.close()
  await edit(chat, 'ann', id, 'edited')
  await archived()
  await chat.close()
  t.match(await called(verify, folder), { code: 1, out: new RegExp(`message ${id} is not what was written`) })
})
