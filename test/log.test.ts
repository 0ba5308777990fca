import { statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { LogFile } from '../src/log/log-file.js'
import { MemoryLog } from '../src/log/memory-log.js'
import { SqliteLog } from '../src/log/sqlite-log.js'
import { openDatabase, patience } from '../src/storage/database.js'
import { engines } from '../src/storage/engines.js'
import { until } from './support/remote.js'
import { holdsContract } from './support/log-contract.js'

const window = { entries: 0, age: 0 }
const folders = new WeakMap<Test, string>()

/** One folder a test, empty at first. */
function folderOf(t: Test): string {
  const folder = folders.get(t) ?? t.testdir()
  folders.set(t, folder)
  return folder
}

void t.test('in memory', async (t) => {
  holdsContract(t, { keeps: false, make: () => new MemoryLog() })
})

t.not(engines().length, 0, 'there is an engine')
for (const engine of engines()) {
  void t.test(`in SQLite by ${engine}`, async (t) => {
    holdsContract(t, {
      keeps: true,
      make: (t) => {
        const folder = folderOf(t)
        const log = new SqliteLog({ file: join(folder, 'log.db'), mark: join(folder, 'committed'), engine, window })
        t.teardown(() => log.close())
        return log
      },
    })
  })

  void t.test(`by ${engine} entries are dropped, and nobody waits for who reads them`, async (t) => {
    const folder = t.testdir()
    const file = join(folder, 'log.db')
    const log = new LogFile({ file, mark: join(folder, 'committed'), engine })
    t.teardown(() => log.close())
    const append = (first: number) => log.append({ first, count: 1, at: 1, entries: `[[1,"${'x'.repeat(1000)}"]]` })
    for (let first = 1; first <= 20; first++) append(first)
    const reader = openDatabase(file, { engine, readOnly: true })
    reader.exec('BEGIN; SELECT count(*) FROM log')
    const begin = performance.now()
    log.prune(10, window, 2)
    append(21)
    t.ok(performance.now() - begin < patience / 2, 'as a backup is read for as long as it takes')
    t.equal(log.extent().first, 11)
    t.ok(statSync(`${file}-wal`).size > 0)
    reader.exec('COMMIT')
    reader.close()
    await until(() => {
      log.prune(10, window, 2)
      return statSync(`${file}-wal`).size === 0
    })
    t.pass('what was dropped is nowhere, once nobody reads it')
  })
}
