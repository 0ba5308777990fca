import { setImmediate as turn } from 'node:timers/promises'
import { scalar, type Database, type Value } from '../storage/database.js'

/** Told how far something has come. */
export type OnProgress = (what: string, done: number, total?: number) => void

/** Rows that are copied in one statement. */
const chunk = 50_000

/** The tables of one of the databases that a connection has open. */
export const tablesOf = (database: Database, schema: string): string[] =>
  (
    database
      .prepare(`SELECT name FROM ${schema}.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
      .all() as { name: string }[]
  ).map(({ name }) => name)

/**
 * Copies rows into a table of the same columns that has none.
 * @param after Of a table that has rowids, those up to this one are left out.
 * @returns how many
 */
export async function copyTable(
  database: Database,
  from: readonly [schema: string, table: string],
  to: readonly [schema: string, table: string],
  onProgress: OnProgress,
  after = -1,
): Promise<number> {
  const [schema, table] = from
  if (isWithoutRowid(database, schema, table)) {
    database.exec(`INSERT OR REPLACE INTO ${to.join('.')} SELECT * FROM ${from.join('.')}`)
    return Number(scalar(database, `SELECT count(*) FROM ${from.join('.')}`))
  }
  const total = Number(scalar(database, `SELECT count(*) FROM ${from.join('.')} WHERE rowid > ?`, after))
  const copy = database.prepare(
    `INSERT INTO ${to.join('.')} SELECT * FROM ${from.join('.')} WHERE rowid > ? ORDER BY rowid LIMIT ${chunk}`,
  )
  let last: Value = after
  for (let done = 0; done < total; done += chunk) {
    copy.run(last)
    last = scalar(database, `SELECT max(rowid) FROM ${to.join('.')}`) ?? last
    onProgress(table, Math.min(total, done + chunk), total)
    await turn()
  }
  return total
}

const isWithoutRowid = (database: Database, schema: string, table: string): boolean =>
  scalar(database, `SELECT wr FROM pragma_table_list(?) WHERE schema = ?`, table, schema) === 1
