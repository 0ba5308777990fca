import t from 'tap'
import type { ChatService } from '../src/chat/chat-service.js'
import { testSettings } from './support/chat.js'
import { openChat, stateOf } from './support/open-chat.js'
import { until } from './support/remote.js'
import { shareFolder } from './support/two-nodes.js'
import { folderOf } from './support/test-folder.js'

const day = 86_400_000
const nobody = { tokenHash: undefined }
/** Room for little in memory, so that pages are read from the disk. */
const little = { messageMemory: 2 ** 21 }

async function fill(chat: ChatService, recipient: string, message: string, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 500)
    await Promise.all(
      Array.from({ length: Math.min(left, 500) }, () => chat.send({ sender: 'ann', recipient, message }, nobody)),
    )
}

void t.test('pages that a follower reads while the owner deletes miss nothing that must stay', async (t) => {
  let time = Date.UTC(2026, 10, 1)
  const now = () => time
  const settings = testSettings({ CHATROOM_LOG_ENTRIES: 0, CHATROOM_DATA: folderOf(t) })
  const first = await openChat((await shareFolder(t, { settings, now })).owned, { now })
  await first.register('ann')
  const { roomId } = await first.createRoom({ admin: 'ann', participants: [], retention: 1 }, nobody)
  await fill(first, roomId, 'old', 1500)
  time += 2 * day
  await fill(first, roomId, 'new', 1500)
  await first.close()

  const { owned, follow } = await shareFolder(t, { settings, now })
  // The start begins to delete the old ones, while the other begins to follow.
  const owner = await openChat(owned, { now, ...little })
  const follower = await openChat(await follow(), { now, ...little })
  for (let lastId = 0; lastId < 1400; lastId += 112) {
    const starts = Array.from({ length: 16 }, (_, index) => lastId + index * 7)
    const polls = starts.map((last_id) => follower.poll({ username: 'ann', last_id }, nobody))
    for (const page of await Promise.all(polls)) {
      const { messages } = JSON.parse(page.toString()) as { messages: { message: string }[] }
      if (messages.some(({ message }) => message !== 'new') || messages.length !== 1000)
        t.fail(`a page has ${messages.length} messages`)
    }
  }
  t.pass('all pages are read')
  await until(() => stateOf(follower).position === stateOf(owner).position)
  t.same(stateOf(follower).facts, stateOf(owner).facts)
  for (const chat of [follower, owner]) await chat.close()
})

void t.test('what only the archive knows is known to each process', async (t) => {
  const { owned, follow } = await shareFolder(t, { settings: testSettings({ CHATROOM_LOG_ENTRIES: 0 }) })
  const owner = await openChat(owned, little)
  const follower = await openChat(await follow(), little)
  await owner.register('ann')
  const once = { sender: 'ann', recipient: 'ann', message: 'once' }
  const [atOwner, atFollower] = [
    await owner.send({ ...once, client_id: 'owner' }, nobody),
    await follower.send({ ...once, client_id: 'follower' }, nobody),
  ]
  while (stateOf(follower).messages.floor <= 2) await fill(owner, 'ann', 'x'.repeat(4000), 100)
  for (const chat of [owner, follower]) {
    t.match(await chat.send({ ...once, client_id: 'owner' }, nobody), { message_id: atOwner.message_id })
    t.match(await chat.send({ ...once, client_id: 'follower' }, nobody), { message_id: atFollower.message_id })
  }
  // Of changes of an old message at both at once, each is made, or refused for what came before; and all see the last.
  const edits = [owner, follower].flatMap((chat, node) =>
    Array.from({ length: 10 }, (_, number) =>
      chat.editMessage(1, { username: 'ann', message: `${node} ${number}` }, nobody),
    ),
  )
  const ends = await Promise.allSettled(edits)
  t.same(
    ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as { code: string }).code] : [])),
    [],
  )
  const seen = await Promise.all(
    [owner, follower].map(async (chat) => {
      const page = await chat.poll({ username: 'ann', last_id: 0, limit: 1 }, nobody)
      return (JSON.parse(page.toString()) as { messages: { message: string }[] }).messages[0]?.message
    }),
  )
  t.equal(seen[0], seen[1])
  await follower.deleteMessage(2, { username: 'ann' }, nobody)
  await t.rejects(owner.editMessage(2, { username: 'ann', message: 'too late' }, nobody))
  for (const chat of [follower, owner]) await chat.close()
})

void t.test('one that begins to follow while the log is pruned gets all', async (t) => {
  const { owned, follow } = await shareFolder(t, { settings: testSettings({ CHATROOM_LOG_ENTRIES: 0 }) })
  const owner = await openChat(owned, little)
  await owner.register('ann')
  const over = new AbortController()
  const filling = (async () => {
    while (!over.signal.aborted) await fill(owner, 'ann', 'more', 500)
  })()
  const follower = await openChat(await follow(), little)
  over.abort()
  await filling
  await until(() => stateOf(follower).position === stateOf(owner).position)
  t.same(stateOf(follower).facts, stateOf(owner).facts)
  for (const chat of [follower, owner]) await chat.close()
})
