import type { Table } from '../chat/tables/table.js'
import type { Database } from '../storage/database.js'

/** What the archive knows of a table of the state. */
export interface StoredTable {
  readonly name: string
  /** Of one that is in memory in part. */
  readonly part: { readonly madeAt: string; readonly keptMs: number } | undefined
}

/** What can be told to another thread. */
export const storedTable = ({ name, part }: Table): StoredTable => ({
  name,
  part: part && { madeAt: part.madeAt, keptMs: part.keptMs },
})

/** Makes the tables that are not there yet, all of the same columns. */
export function makeTables(database: Database, tables: readonly StoredTable[]): void {
  for (const { name, part } of tables) {
    database.exec(`CREATE TABLE IF NOT EXISTS ${name} (
      place INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      sort INTEGER,
      data TEXT NOT NULL,
      checksum INTEGER NOT NULL
    )`)
    if (part) database.exec(`CREATE INDEX IF NOT EXISTS ${name}_by_sort ON ${name} (sort)`)
  }
}

/** Puts a row: one of the same key is in its place from then on. */
export const putRow = (table: string): string =>
  `INSERT INTO ${table} (key, sort, data, checksum) VALUES (?, ?, ?, ?)
    ON CONFLICT (key) DO UPDATE SET sort = excluded.sort, data = excluded.data, checksum = excluded.checksum`

/** Drops those of the oldest rows that need not be kept: so many are looked at. */
export const dropOld = (table: string, { madeAt }: NonNullable<StoredTable['part']>): string =>
  `DELETE FROM ${table} WHERE place IN (
    SELECT place FROM (SELECT place, data FROM ${table} ORDER BY sort LIMIT ?) WHERE json_extract(data, '$.${madeAt}') <= ?)`
