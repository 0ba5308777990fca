import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import type { Command } from '../schemas/commands.js'
import { formats } from '../schemas/formats.js'
import { ChatState } from '../src/chat/chat-state.js'
import type { KeptEvent } from '../src/chat/events.js'
import { pathsIn } from '../src/data-folder/paths.js'
import { engines } from '../src/storage/engines.js'
import { applied, entries } from './support/entries.js'
import { change } from './support/folders.js'
import { folderOf } from './support/test-folder.js'
import { createRoom, Lived, pagesOf, register, send } from './support/lived.js'
import { runs } from './support/random.js'
import { until } from './support/remote.js'

/** Opens what a folder has; it closes with the test. */
async function open(t: Test, folder: string, memory?: number): Promise<Lived> {
  const lived = await Lived.open(folder, memory === undefined ? {} : { memory })
  t.teardown(() => lived.close())
  return lived
}

void t.test('a chat that is stopped now and then reads as one that never was, from memory alone', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(entries, { minLength: 2, maxLength: 4 }), async (runs) => {
      const folder = await mkdtemp(join(tmpdir(), 'chatroom-'))
      const whole = new ChatState(2 ** 22)
      const noted: KeptEvent[] = []
      for (const run of [...runs, []]) {
        const lived = await Lived.open(folder)
        try {
          assert.deepEqual((await lived.archive.recent()).events, readable(noted, whole))
          await compare(lived, whole)
          for (const [command, at] of [...run, end])
            assert.deepEqual(lived.apply(command, at), applyTo(whole, command, at))
          await compare(lived, whole)
          assert.equal(lived.reads, 0)
          noted.push(...lived.noted)
        } finally {
          await lived.close()
        }
      }
      await rm(folder, { recursive: true })
    }),
    { ...runs(6, 100), timeout: 60_000 },
  )
  t.pass('they agree')
})

/** Entries that are refused are in the log alone, unless one comes that is not. */
const end: readonly [Command, number] = [{ type: 'announce', text: 'the end' }, 0]

const applyTo = (state: ChatState, ...[command, at]: Parameters<Lived['apply']>): unknown =>
  applied(state, state.position + 1, at ?? 0, command)

async function compare(lived: Lived, whole: ChatState): Promise<void> {
  for (const { number } of whole.users.things())
    for (const lastId of [0, 3, 7, whole.messages.newest])
      assert.equal(await lived.pages(number, lastId, 4), await pagesOf(whole, undefined, number, lastId, 4))
}

/** The events that somebody may still read: without those of messages that have expired, and of rooms that are gone. */
const readable = (noted: readonly KeptEvent[], { expired, rooms }: ChatState): KeptEvent[] =>
  noted.filter(({ messageId, targets: [target = 0] }) => {
    if (messageId === undefined) return true
    const before = target > 0 ? 0 : (rooms.find(-target)?.messages.expired ?? Infinity)
    return messageId > Math.max(expired, before)
  })

for (const engine of engines())
  void t.test(`messages come back as they were, whatever is in them, by ${engine}`, async (t) => {
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 60 })
      .filter((text) => formats.text(text) === undefined)
    const clientId = fc.option(text, { nil: undefined })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 2 }), text, clientId), { minLength: 1 }),
        async (all) => {
          const folder = await mkdtemp(join(tmpdir(), 'chatroom-'))
          const lived = await Lived.open(folder, { engine })
          register(lived, 2)
          const room = createRoom(lived, 2)
          for (const [sender, text, clientId] of all) send(lived, sender, -room, text, clientId)
          const before = await Promise.all([lived.pages(1), lived.pages(2)])
          await lived.close()
          const next = await Lived.open(folder, { engine })
          assert.deepEqual(await Promise.all([next.pages(1), next.pages(2)]), before)
          assert.deepEqual([next.state.messages.floor, next.reads], [1, 0])
          await next.close()
          await rm(folder, { recursive: true })
        },
      ),
      { ...runs(6, 100), timeout: 60_000 },
    )
    t.pass('they are')
  })

void t.test('the sender alone sees the client_id of what comes back', async (t) => {
  const folder = folderOf(t)
  const first = await open(t, folder)
  register(first, 2)
  const room = createRoom(first, 2)
  send(first, 1, -room, 'text', '"1"')
  await first.close()
  const next = await open(t, folder)
  t.match(await next.pages(1, 1), /"message":"text",.*"client_id":"\\"1\\""\}\],/)
  t.notMatch(await next.pages(2, 1), /client_id/)
  t.equal(next.reads, 0)
})

void t.test('messages come back to half of the memory, and older ones are on the disk, without a seam', async (t) => {
  const folder = folderOf(t)
  const first = await open(t, folder, 2 ** 26)
  register(first, 3)
  const rooms = [createRoom(first, 3), createRoom(first, 2)]
  for (let number = 0; number < 3000; number++) {
    send(first, 1, [2, 3, ...rooms.map((room) => -room)][number % 4] as number, `${number} ${'é'.repeat(600)}`)
    if (first.archive.full) await first.archive.room()
  }
  const before = await Promise.all([1, 2, 3].map((user) => first.pages(user)))
  await first.close()
  const next = await open(t, folder, 2 ** 22)
  const { floor, newest } = next.state.messages
  const kept = next.state.messages.sizeOf(Array.from({ length: newest + 1 - floor }, (_, index) => floor + index))
  t.ok(kept > 2 ** 20 && kept < 2 ** 21, `${kept} bytes of 4 MiB are taken`)
  for (const limit of [7, 100, 1000]) {
    const pages = await Promise.all([1, 2, 3].map((user) => next.pages(user, 0, limit)))
    t.equal(texts(pages.join()), texts(before.join()), `by ${limit}`)
  }
  t.ok(next.reads > 0)
  send(next, 1, 2, 'on')
  t.match(await next.pages(2, newest), /"message":"on"/)
})

const texts = (pages: string): string => Array.from(pages.matchAll(/"message":"(\d+) /g), ([, number]) => number).join()

void t.test('what was deleted for its age, or with its room, does not come back; what came between does', async (t) => {
  const folder = folderOf(t)
  const first = await open(t, folder)
  register(first, 2)
  const rooms = [createRoom(first, 2), createRoom(first, 2), createRoom(first, 2, 1)]
  const [kept = 0, gone = 0, short = 0] = rooms
  for (let number = 0; number < 30; number++)
    send(first, 1, [-kept, -gone, -short, 2][number % 4] as number, `${number}`)
  first.apply({ type: 'expire_messages', up_to: 8 })
  first.apply({ type: 'expire_messages', up_to: 20, retention: 1 })
  for (const user of [1, 2]) first.apply({ type: 'leave_room', user, room: gone })
  send(first, 1, -short, 'last')
  const before = await first.pages(2)
  await first.close()

  const next = await open(t, folder)
  t.equal(await next.pages(2), before)
  t.equal(next.reads, 0)
  t.equal(next.state.messages.floor, 9)
  const { after, events } = await next.archive.recent()
  t.equal(after, 0, 'nobody may read what is missing')
  const told = events.flatMap(({ targets: [target], messageId: id }) =>
    id === undefined ? [] : [[target, id] as const],
  )
  t.notOk(told.some(([target, id]) => target === -gone || (target === -short && id <= 20)))
  t.equal(told.filter(([target]) => target === -short).length, 4)
  send(next, 1, -kept, 'on')
  await next.close()
  const last = await open(t, folder)
  t.match(await last.pages(2), /"message":"last".*"message":"on"/s)
  t.equal(last.reads, 0)
})

void t.test('where there are no events, no messages come back', async (t) => {
  const folder = folderOf(t)
  const first = await open(t, folder)
  register(first, 2)
  for (let number = 0; number < 10; number++) send(first, 1, 2, `${number}`)
  const before = await first.pages(2)
  await first.close()
  change(pathsIn(folder).archive, 'DELETE FROM journal')
  const next = await open(t, folder)
  t.equal(next.state.messages.floor, 11)
  t.same(await next.archive.recent(), { after: 12, events: [] })
  t.equal(await next.pages(2), before)
  t.equal(next.reads, 1)
  // Those from now on do.
  send(next, 1, 2, 'on')
  await next.close()
  const last = await open(t, folder)
  t.equal(last.state.messages.floor, 11)
  t.match(await last.archive.recent(), { after: 12, events: [{ messageId: 11 }] })
})

void t.test('a start does not take a recent message for what it is not, nor do without one', async (t) => {
  const folder = folderOf(t)
  const archive = pathsIn(folder).archive
  const first = await open(t, folder)
  register(first, 3)
  const room = createRoom(first, 2)
  for (let number = 0; number < 2500; number++) send(first, 1, [-room, 2, 3][number % 3] as number, `${number}`)
  await until(() => first.archive.position === first.state.position)
  await first.close()
  for (const [id, sql, says] of [
    [2000, 'UPDATE messages SET sender = 2', 'is not what was written'],
    [2000, "UPDATE messages SET record = replace(record, 'sender', 'sander')", 'is not what was written'],
    [2000, 'DELETE FROM messages', 'is missing'],
    // The newest of each conversation.
    [2499, 'DELETE FROM messages', 'is missing'],
    [2500, 'DELETE FROM messages', 'is missing'],
    [2501, 'DELETE FROM messages', 'is missing'],
  ] as const) {
    change(archive, `CREATE TABLE kept AS SELECT * FROM messages WHERE id = ${id}; ${sql} WHERE id = ${id}`)
    await t.rejects(Lived.open(folder), { name: 'DataError', message: `message ${id} ${says}` }, sql)
    change(archive, 'REPLACE INTO messages SELECT * FROM kept; DROP TABLE kept')
  }
  await open(t, folder)
})
