import { join } from 'node:path'
import t, { type Test } from 'tap'
import { MemoryLog } from '../src/log/memory-log.js'
import { SqliteLog } from '../src/log/sqlite-log.js'
import { engines } from '../src/storage/engines.js'
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
}
