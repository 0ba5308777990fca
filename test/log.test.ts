import { statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { CatchUpRounds } from '../src/log/catch-up-rounds.js'
import { LogFile } from '../src/log/log-file.js'
import { MemoryLog } from '../src/log/memory-log.js'
import { SqliteLog, type SqliteLogOptions } from '../src/log/sqlite-log.js'
import { openDatabase, patience } from '../src/storage/database.js'
import { engines, type Engine } from '../src/storage/engines.js'
import { gate } from './support/gate.js'
import { LateLog, Stream, type Fate } from './support/late-log.js'
import { until } from './support/remote.js'
import { holdsContract } from './support/log-contract.js'
import { folderOf } from './support/test-folder.js'

const window = { entries: 0, age: 0 }

void t.test('in memory', async (t) => {
  holdsContract(t, { keeps: false, shared: false, make: () => new MemoryLog() })
})

const fates: readonly Fate[] = ['at once', 'twice', 'late', 'lost']
const streams = new WeakMap<Test, Stream>()

/** One stream a test, on which one thing after the other happens to groups. */
function streamOf(t: Test): Stream {
  let count = 0
  const stream = streams.get(t) ?? new Stream(() => fates[count++ % fates.length] as Fate)
  streams.set(t, stream)
  return stream
}

void t.test('on a stream that answers late, twice, or not at all', async (t) => {
  holdsContract(t, {
    keeps: true,
    shared: true,
    make: (t) => new LateLog(streamOf(t)),
    makeStalling: () => {
      const stream = new Stream(() => 'at once')
      const all = (fate: Fate) => () => {
        stream.fate = () => fate
      }
      return { log: new LateLog(stream, 50), stall: all('lost'), goOn: all('twice') }
    },
  })
})

function sqliteLog(t: Test, engine: Engine, options: Partial<SqliteLogOptions> = {}): SqliteLog {
  const folder = folderOf(t)
  const log = new SqliteLog({
    file: join(folder, 'log.db'),
    mark: join(folder, 'committed'),
    engine,
    window,
    ...options,
  })
  t.teardown(() => log.close().catch(() => undefined))
  return log
}

t.not(engines().length, 0, 'there is an engine')
for (const engine of engines()) {
  void t.test(`in SQLite by ${engine}`, async (t) => {
    holdsContract(t, {
      keeps: true,
      shared: false,
      make: (t) => sqliteLog(t, engine),
      makeStalling: (t) => {
        const log = sqliteLog(t, engine, { answerWithinMs: 50 })
        const other = openDatabase(join(folderOf(t), 'log.db'), { engine })
        t.teardown(() => other.close())
        return { log, stall: () => other.exec('BEGIN IMMEDIATE'), goOn: () => other.exec('ROLLBACK') }
      },
    })
  })

  void t.test(`by ${engine} entries are dropped, and nobody waits for who reads them`, async (t) => {
    const folder = folderOf(t)
    const file = join(folder, 'log.db')
    const log = new LogFile({ file, mark: join(folder, 'committed'), engine })
    t.teardown(() => log.close())
    const entries = Buffer.alloc(1000, 'x')
    const append = (first: number) => log.append({ first, count: 1, at: 1, entries })
    for (let first = 1; first <= 20; first++) append(first)
    const reader = openDatabase(file, { engine, readOnly: true })
    reader.exec('BEGIN; SELECT count(*) FROM log')
    const begin = performance.now()
    log.prune(10, { ...window, forgotten: 0 }, 2)
    append(21)
    t.ok(performance.now() - begin < patience / 2, 'as a backup is read for as long as it takes')
    t.equal(log.extent().first, 11)
    t.ok(statSync(`${file}-wal`).size > 0)
    reader.exec('COMMIT')
    reader.close()
    await until(() => {
      log.prune(10, { ...window, forgotten: 0 }, 2)
      return statSync(`${file}-wal`).size === 0
    })
    t.pass('what was dropped is nowhere, once nobody reads it')
  })
}

void t.test('however many catch up at once, the log is asked twice at most', async (t) => {
  const held = gate()
  let [asked, applied] = [0, 0]
  const rounds = new CatchUpRounds({
    askEnd: async () => {
      asked++
      await held.pause()
      return 1
    },
    applied: () => applied,
    longestMs: 10_000,
  })
  const all = Promise.all(Array.from({ length: 100 }, () => rounds.join()))
  held.letThrough()
  await until(() => asked === 1)
  applied = 1
  rounds.look()
  await all
  t.equal(asked, 2)
})
