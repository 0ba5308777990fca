import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { ArchiveFile, type Batch } from '../src/archive/archive-file.js'
import { eventJson, eventsIn } from '../src/archive/journal.js'
import { sums } from '../src/archive/archive-rows.js'
import type { KeptEvent } from '../src/chat/events.js'
import { openDatabase, scalar } from '../src/storage/database.js'
import { engines } from '../src/storage/engines.js'
import { builtFile } from './support/built.js'
import { change } from './support/folders.js'
import { folderOf, placeIn } from './support/test-folder.js'
import { createRoom, Lived, register, send } from './support/lived.js'
import { noteEvents } from './support/noting.js'
import { inFolder, openChat } from './support/open-chat.js'
import { until } from './support/remote.js'

const window = { entries: 1_000_000, age: 86_400_000 }

void t.test('an event is kept as it was noted', async (t) => {
  const number = fc.integer({ min: 1, max: 2 ** 40 })
  const base = {
    position: number,
    index: fc.nat(9),
    at: number,
    targets: fc.array(fc.integer(), { maxLength: 4 }),
    type: fc.constantFrom('room.updated', 'message.edited'),
  }
  const body = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue())
  const event = fc.oneof(fc.record({ ...base, messageId: number }), fc.record({ ...base, body }), fc.record(base))
  fc.assert(
    fc.property(fc.array(event as fc.Arbitrary<KeptEvent>), (events) => {
      const plain = JSON.parse(JSON.stringify(events)) as unknown
      assert.deepEqual(eventsIn(events.map(eventJson).join('')), plain)
    }),
  )
  t.pass('it held')
})

for (const engine of engines())
  void t.test(`live events are there after each restart, in order, each once, by ${engine}`, async (t) => {
    const folder = folderOf(t)
    const noted: KeptEvent[] = []
    for (let start = 1; start <= 3; start++) {
      const lived = await Lived.open(folder, { engine })
      const { after, events } = await lived.archive.recent()
      t.strictSame(events, noted, `start ${start}`)
      t.equal(after, 0, 'none is missing')
      if (start === 1) register(lived, 3)
      const room = createRoom(lived, 3)
      for (let number = 0; number < 200; number++) send(lived, 1, [-room, 2, 3][number % 3] as number, `${number}`)
      lived.apply({ type: 'announce', text: `"start"\n${start} 💬` })
      await lived.close()
      noted.push(...lived.noted)
    }
    t.ok(noted.length > 600)
  })

void t.test('what a kill leaves has each event up to where the archive is, and no later one', async (t) => {
  const folder = folderOf(t, { killed: {} })
  const lived = await Lived.open(folder)
  t.teardown(() => lived.close())
  register(lived, 2)
  for (let number = 0; number < 3000; number++) {
    send(lived, 1, 2, `${number}`)
    // Batches go their way meanwhile.
    if (number % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await until(() => lived.archive.position > 1000)
  for (let number = 0; number < 10; number++) send(lived, 1, 2, 'not written yet')
  for (const file of ['archive.db', 'archive.db-wal']) cpSync(join(folder, file), join(folder, 'killed', file))

  const next = await Lived.open(join(folder, 'killed'))
  const { position } = next.state
  t.ok(position >= 1000 && position < lived.state.position, `it is cut at ${position}`)
  t.strictSame((await next.archive.recent()).events, upTo(lived.noted, position))
  // The log has the rest.
  for (let number = position - 2; number < 3000; number++) send(next, 1, 2, `${number}`)
  await next.close()
  const last = await Lived.open(join(folder, 'killed'))
  t.teardown(() => last.close())
  t.strictSame((await last.archive.recent()).events, upTo(lived.noted, 3002))
})

const upTo = (events: readonly KeptEvent[], last: number): KeptEvent[] =>
  events.filter(({ position }) => position <= last)

/** Batches as an archive gets them, of one event each. */
function written(t: Test, count: number, kept = window): { file: string; rows: () => number } {
  const file = placeIn(t)
  const archive = new ArchiveFile({ file, window: kept, tables: [] })
  for (let position = 1; position <= count; position++) {
    const journal = eventJson({ position, index: 0, at: position, targets: [-1], type: 'x', messageId: position })
    archive.write({ ...nothing, server: JSON.stringify({ position }), position, time: position, journal })
  }
  archive.close()
  return { file, rows: () => Number(read(file, 'SELECT count(*) FROM journal')) }
}

const nothing: Omit<Batch, 'server' | 'position' | 'time' | 'journal'> = {
  cursor: undefined,
  tables: [],
  messages: undefined,
  changedMessages: [],
}

function read(file: string, sql: string): unknown {
  const database = openDatabase(file, { readOnly: true })
  const value = scalar(database, sql)
  database.close()
  return value
}

void t.test('small batches share a row, so a start has few to read', async (t) => {
  t.ok(written(t, 1000).rows() < 20)
})

void t.test('events that are out of the window are deleted, some with each batch', async (t) => {
  for (const kept of [
    { entries: 500, age: 86_400_000 },
    { entries: 1_000_000, age: 500 },
  ]) {
    const { file, rows } = written(t, 2000, kept)
    t.ok(rows() < 12, 'few are left')
    const first = Number(read(file, 'SELECT min(first) FROM journal'))
    t.ok(first <= 1501 && first > 1300, `those of the window are there, and few more: from ${first}`)
  }
  t.equal(written(t, 10, { entries: 0, age: 0 }).rows(), 0, 'or none')
})

void t.test('no event that is out of the window is brought back', async (t) => {
  const folder = folderOf(t)
  const first = await Lived.open(folder)
  register(first, 2)
  for (let number = 0; number < 100; number++) send(first, 1, 2, 'text')
  await first.close()
  for (const [options, after] of [
    [{ window: { entries: 10, age: 86_400_000 } }, 92],
    [{ now: () => 86_400_000 + 72 }, 72],
    [{ window: { entries: 0, age: 86_400_000 } }, 102],
    [{ now: () => 2 * 86_400_000 }, 102],
  ] as const) {
    const next = await Lived.open(folder, options)
    const recent = await next.archive.recent()
    t.equal(recent.after, after)
    t.strictSame(
      recent.events.map(({ position }) => position),
      Array.from({ length: 102 - after }, (_, index) => after + 1 + index),
    )
    t.equal(next.state.messages.floor, after - 1, 'nor is its message')
    await next.close()
  }
})

void t.test('a damaged journal is refused', async (t) => {
  const source = join(folderOf(t, { source: {}, 0: {}, 1: {}, 2: {}, 3: {} }), 'source')
  const lived = await Lived.open(source)
  register(lived, 2)
  for (let number = 0; number < 3000; number++) {
    lived.apply({ type: 'announce', text: 'text' })
    if (number % 500 === 0) await until(() => lived.archive.position === lived.state.position)
  }
  await lived.close()
  for (const [index, [sql, says]] of (
    [
      ['UPDATE journal SET entries = at = at + 1 WHERE first = 1', /1 to \d+ is not what/],
      ['DELETE FROM journal WHERE first = (SELECT first FROM journal ORDER BY first LIMIT 1 OFFSET 2)', /is missing/],
      ['DELETE FROM journal WHERE first = (SELECT max(first) FROM journal)', /\d+ to 3002 is missing/],
    ] as const
  ).entries()) {
    const folder = join(source, '..', String(index))
    cpSync(join(source, 'archive.db'), join(folder, 'archive.db'))
    change(join(folder, 'archive.db'), sql)
    const opened = async () => {
      const next = await Lived.open(folder)
      await next.archive.recent().finally(() => next.close())
    }
    await t.rejects(opened(), { name: 'DataError', message: says })
  }
})

void t.test('the checksum of a row is of all that it has', async (t) => {
  const row = { first: 1, last: 2, at: 3, entries: Buffer.from('[1],') }
  const others = [{ first: 2 }, { last: 3 }, { at: 4 }, { entries: Buffer.from('[2],') }, { entries: Buffer.alloc(0) }]
  for (const other of others) t.not(sums.journal({ ...row, ...other }), sums.journal(row))
})

void t.test('after each kill, the journal and the log together have each message once', async (t) => {
  const folder = folderOf(t)
  for (const least of [4000, 8000, 12_000]) {
    const answered = await sendUntilKilled(folder, least)
    const storage = await inFolder(folder)
    const noted = noteEvents(storage)
    const chat = await openChat(storage)
    const ids = [...noted.recent.events, ...noted.events].flatMap(({ messageId }) => messageId ?? [])
    t.strictSame(
      ids,
      Array.from(ids, (_, index) => index + 1),
    )
    t.ok(ids.length >= answered, `${answered} were answered, ${noted.events.length} of ${ids.length} come from the log`)
    await chat.close()
  }
})

/** @returns the newest message that was answered, at least so many */
async function sendUntilKilled(folder: string, least: number): Promise<number> {
  const child = spawn(process.execPath, [builtFile('test/support/noting-driver.ts'), folder])
  let [answered, said] = [0, '']
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  for await (const line of createInterface(child.stdout)) {
    answered = Math.max(answered, Number(line))
    if (answered >= least) child.kill('SIGKILL')
  }
  if (answered < least) throw new Error(said)
  return answered
}
