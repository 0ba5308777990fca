import t, { type Test } from 'tap'
import { ChatError } from '../src/chat/chat-error.js'
import type { ChatService } from '../src/chat/chat-service.js'
import { boundsOf, messageMemoryOf } from '../src/settings.js'
import { testSettings } from './support/chat.js'
import { inFolder, openChat } from './support/open-chat.js'
import { folderOf } from './support/test-folder.js'

const nobody = { tokenHash: undefined }
/** More than those of which the `client_id` is in memory, whatever the setting says. */
const messages = 51_000
/** Reads that one user may have at once: under way, and waiting. */
const most = 18

/** A chat whose messages are on disk, nearly all of them. */
async function fill(t: Test): Promise<ChatService> {
  const settings = testSettings({ CHATROOM_MESSAGE_MEMORY: 2, CHATROOM_IDEMPOTENCY_KEYS: 1 })
  const options = { bounds: boundsOf(settings), messageMemory: messageMemoryOf(settings) }
  const chat = await openChat(await inFolder(folderOf(t)), options)
  t.teardown(() => chat.close())
  for (const name of ['ann', 'bob', 'mallory']) await chat.register(name)
  const { roomId } = await chat.createRoom({ admin: 'ann', participants: ['bob', 'mallory'] }, nobody)
  const send = () => chat.send({ sender: 'ann', recipient: roomId, message: 'x' }, nobody)
  for (let sent = 0; sent < messages; sent += 1000) await Promise.all(Array.from({ length: 1000 }, send))
  return chat
}

/** Reads all from the beginning, so many times at once. @returns a list that gets what comes of each, as it comes */
function readAll(chat: ChatService, username: string, times: number, ends: string[]): Promise<unknown> {
  const read = () =>
    chat.poll({ username, last_id: 0 }, nobody).then(
      () => ends.push(username),
      (error: unknown) => ends.push(error instanceof ChatError ? error.code : String(error)),
    )
  return Promise.all(Array.from({ length: times }, read))
}

void t.test('one user who reads much from the disk', async (t) => {
  const chat = await fill(t)

  void t.test('makes no send of another wait, also where its client_id is looked up on the disk', async (t) => {
    const send = (client_id: string) =>
      chat.send({ sender: 'bob', recipient: 'bob', message: 'soon', client_id }, nobody)
    await send('before')
    const ends: string[] = []
    const reading = readAll(chat, 'mallory', 400, ends)
    await send('meanwhile')
    const answered = ends.filter((end) => end === 'mallory').length
    t.ok(answered < most / 2, `${answered} reads were answered before`)
    await reading
  })

  void t.test('is told when that is too much, and reads all the same', async (t) => {
    const ends: string[] = []
    await readAll(chat, 'mallory', 400, ends)
    t.equal(ends.filter((end) => end === 'mallory').length, most)
    t.equal(ends.filter((end) => end === 'rate_limited').length, 400 - most)
  })

  void t.test('lets others read in their turn', async (t) => {
    const ends: string[] = []
    const reading = Promise.all([readAll(chat, 'mallory', most, ends), readAll(chat, 'bob', 3, ends)])
    await reading
    t.equal(ends.length, most + 3)
    t.ok(ends.lastIndexOf('bob') < 10, `bob was answered at ${ends.lastIndexOf('bob') + 1}`)
  })
})
