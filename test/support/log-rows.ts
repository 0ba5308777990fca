import { join } from 'node:path'
import { decodeGroup, encodeGroup } from '../../src/log/group-bytes.js'
import { LogFile } from '../../src/log/log-file.js'
import type { Writer } from '../../src/log/log.js'
import { groupSum, type StoredGroup } from '../../src/log/stored-group.js'
import { openDatabase, scalar } from '../../src/storage/database.js'

/** Appends a command to the log of a folder, as another version of the program would. @returns its position */
export function appendAs(folder: string, writer: Writer, command: object): number {
  const log = new LogFile({ file: join(folder, 'log.db'), mark: join(folder, 'committed') })
  const first = log.extent().newest + 1
  const payload = { bytes: Buffer.from(JSON.stringify(command)) }
  log.append({ first, count: 1, at: 1, entries: encodeGroup(writer, [{ at: Date.now(), id: `x${first}`, payload }]) })
  log.close()
  return first
}

/** Makes the log of a folder one as version 0.2.0 wrote it: format 2, with groups in JSON. */
export function makeOlder(folder: string): void {
  const database = openDatabase(join(folder, 'log.db'))
  const chain = String(scalar(database, "SELECT value FROM about WHERE name = 'chain'"))
  const put = database.prepare('UPDATE log SET entries = ?, before = ?, checksum = ? WHERE first = ?')
  let before = Number(scalar(database, "SELECT value FROM about WHERE name = 'base_checksum'"))
  for (const row of database.prepare('SELECT * FROM log ORDER BY first').all() as StoredGroup[]) {
    const all = decodeGroup(row.first, row.entries).map(
      ({ at, payload }) => `[${at},${Buffer.from(payload.bytes).toString()}]`,
    )
    const entries = Buffer.from(`[${all.join(',\n')}]`)
    const sum = groupSum(chain, { ...row, entries, before })
    put.run(entries, before, sum, row.first)
    before = sum
  }
  database.exec('PRAGMA user_version = 2')
  database.close()
}
