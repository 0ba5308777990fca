import t from 'tap'
import { ArchiveReader } from '../src/archive/archive-reader.js'
import { ChatState } from '../src/chat/chat-state.js'
import { CommandLog } from '../src/chat/command-log.js'
import { History } from '../src/chat/messages/history.js'
import { Retention } from '../src/chat/messages/retention.js'
import { pathsIn } from '../src/data-folder/paths.js'
import { MemoryLog } from '../src/log/memory-log.js'
import { appendTo } from './support/open-chat.js'
import { change, filledFolder } from './support/folders.js'

const day = 86_400_000

/** Rooms that keep messages for 1, 2, 3 … days, each with its notice; and how often a time is looked up. */
async function roomsThatKeep(rooms: number, now: () => number) {
  const state = new ChatState(2 ** 24)
  const log = new CommandLog(new MemoryLog(now))
  await log.open((entry) => state.apply(entry).outcome)
  await log.append({ type: 'register', username: 'ann', token_hash: 'aaaa' })
  const history = new History(state, undefined)
  const asked: number[] = []
  const lastBefore = history.lastBefore.bind(history)
  history.lastBefore = (times) => {
    asked.push(...times)
    return lastBefore(times)
  }
  const room = { type: 'create_room', admin: 1, visibility: 'private' } as const
  for (let retention = 1; retention <= rooms; retention++) await log.append({ ...room, participants: [], retention })
  const retention = new Retention(state, appendTo(log), history, 0, now, (error) => t.fail(String(error)))
  return { state, log, retention, asked }
}

void t.test('rooms that keep messages for times of their own are not looked at where nothing is so old', async (t) => {
  let time = Date.UTC(2026, 10, 1)
  const { state, retention, asked } = await roomsThatKeep(10_000, () => time)
  const { position } = state
  await retention.expire()
  t.equal(state.position, position, 'nothing is deleted')
  t.ok(asked.length <= 100, `${asked.length} times are looked up`)
  asked.length = 0
  time += 150.5 * day
  await retention.expire()
  t.equal(state.position, position + 150)
  t.ok(asked.length <= 300, `${asked.length} times are looked up`)
  t.same(Array.from(state.rooms.things()).filter(({ messages }) => messages.expired > 0).length, 150)
})

void t.test('a start reads the latest client_ids alone, however many a day has', async (t) => {
  const folder = await filledFolder(t)
  const file = pathsIn(folder).archive
  change(
    file,
    `WITH RECURSIVE ids (id) AS (SELECT 1000 UNION ALL SELECT id + 1 FROM ids WHERE id < 200000)
     INSERT INTO sent (key, sort, data, checksum) SELECT '1 key ' || id, id, '{}', 0 FROM ids`,
  )
  const reader = new ArchiveReader({ file })
  const before = process.cpuUsage()
  let found = 0
  for (let count = 0; count < 20; count++) found += reader.sortedRows('sent', 200_000).rows.length
  t.equal(found, 0)
  const { user } = process.cpuUsage(before)
  t.ok(user < 100_000, `it takes ${user / 20_000} ms of CPU`)
  reader.close()
})
