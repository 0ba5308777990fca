import t from 'tap'
import { fails, startChat, type Chat } from './support/chat.js'
import { imported } from './support/cli.js'
import { placeIn } from './support/test-folder.js'

const day = 86_400_000
/** Ten messages of a thousand bytes, with what lies beside them. */
const tenMessages = 10 * 1256
const text = 'x'.repeat(1000)
/** Six hours before the day ends. */
const evening = Date.UTC(2026, 10, 1, 18)

const now = (): number => evening

const send = (chat: Chat, sender: string, message = text, more: object = {}) =>
  chat.post('/send', { sender, recipient: 'bob', message, ...more })

async function fill(chat: Chat, sender: string): Promise<number> {
  let count = 0
  while (count < 100 && (await send(chat, sender)).status === 200) count++
  return count
}

void t.test('a user stores so many bytes a day, whatever they are', async (t) => {
  let time = evening
  const chat = await startChat(t, { CHATROOM_BYTES_PER_DAY: tenMessages }, { now: () => time })
  for (const name of ['alice', 'bob', 'carol', 'dave']) await chat.register(name)
  await send(chat, 'alice', text, { client_id: 'first' })
  t.equal(await fill(chat, 'alice'), 9)
  const refused = send(chat, 'alice')
  await fails(t, refused, 429, 'storage_used_up')
  t.equal((await refused).headers['retry-after'], String(6 * 3600))
  t.equal((await send(chat, 'alice', text, { client_id: 'first' })).status, 200, 'a repeat is nothing new')
  await fails(t, chat.post('/create_room', { admin: 'alice', participants: ['bob'] }), 429, 'storage_used_up')
  t.equal(await fill(chat, 'carol'), 10, 'others have their own')
  let rooms = 0
  while (rooms < 100 && (await chat.post('/create_room', { admin: 'dave', participants: ['bob'] })).status === 200)
    rooms++
  t.equal(rooms, Math.floor(tenMessages / (256 + 2 * 320)), 'rooms count')
  time += day / 2
  t.equal(await fill(chat, 'alice'), 10, 'the next day')
})

void t.test('short messages count for what lies beside them, and letters for their bytes', async (t) => {
  const chat = await startChat(t, { CHATROOM_BYTES_PER_DAY: 1000 })
  for (const name of ['alice', 'bob', 'carol']) await chat.register(name)
  const statuses: number[] = []
  for (let count = 0; count < 4; count++) statuses.push((await send(chat, 'alice', 'x')).status)
  t.same(statuses, [200, 200, 200, 429])
  await fails(t, send(chat, 'carol', '語'.repeat(250)), 429, 'storage_used_up')
})

void t.test('what a user has stored is known after a restart, an export and an import', async (t) => {
  const folder = placeIn(t)
  const settings = { CHATROOM_BYTES_PER_DAY: tenMessages }
  const first = await startChat(t, { ...settings, CHATROOM_DATA: folder }, { now })
  for (const name of ['alice', 'bob']) await first.register(name)
  for (let count = 0; count < 9; count++) await first.send('alice', 'bob', text)
  await first.app.close()
  for (const place of [folder, await imported(t, folder)]) {
    const chat = await startChat(t, { ...settings, CHATROOM_DATA: place }, { now })
    t.equal(await fill(chat, 'alice'), 1)
    await chat.app.close()
  }
})
