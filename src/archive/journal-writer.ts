import type { Window } from '../base/window.js'
import { scalar, type Database, type Statement } from '../storage/database.js'
import { sums } from './archive-rows.js'
import type { JournalRow } from './journal.js'

/** A row grows batch by batch up to so many bytes, which are on one page: many small ones would take a start long to read. */
const fullRow = 3000
/** Rows that a batch deletes at most: more than it adds, so they are fewer before long. */
const pruned = 4

const sql = {
  position: "SELECT json_extract(value, '$.position') FROM about WHERE name = 'server'",
  last: 'SELECT * FROM journal ORDER BY first DESC LIMIT 1',
  put: 'INSERT OR REPLACE INTO journal VALUES (?, ?, ?, ?, ?)',
  drop: `DELETE FROM journal WHERE first IN (
    SELECT first FROM (SELECT first, last, at FROM journal ORDER BY first LIMIT ${pruned}) WHERE last <= ? OR at <= ?)`,
}

/** The live events of a batch, each as an element of a JSON array with a comma behind it, and where it comes to. */
interface Journal {
  readonly position: number
  readonly time: number
  readonly journal: string
}

/** Writes the live events of each batch into the archive, and deletes those that are out of the window. */
export class JournalWriter {
  private readonly last: Statement
  private readonly put: Statement
  private readonly drop: Statement

  constructor(
    private readonly database: Database,
    private readonly window: Window,
  ) {
    this.last = database.prepare(sql.last)
    this.put = database.prepare(sql.put)
    this.drop = database.prepare(sql.drop)
  }

  /** To be called before the archive says that it has come to the batch's entry, in the same transaction. */
  write({ position, time, journal }: Journal): void {
    const entries = Buffer.from(journal)
    const last = this.last.get() as JournalRow | undefined
    if (last && hasRoom(last, entries))
      this.writeRow(last.first, position, time, Buffer.concat([last.entries, entries]))
    else this.writeRow(this.position() + 1, position, time, entries)
    this.drop.run(position - this.window.entries, time - this.window.age)
  }

  private writeRow(first: number, last: number, at: number, entries: Uint8Array): void {
    this.put.run(first, last, at, entries, sums.journal({ first, last, at, entries }))
  }

  /** The position that the archive has come to; 0 if nothing has been written. */
  private position(): number {
    return Number(scalar(this.database, sql.position) ?? 0)
  }
}

/** Whether a row can take more. One that is not what was written stays as it is, to be found. */
const hasRoom = (row: JournalRow, entries: Uint8Array): boolean =>
  row.entries.length + entries.length <= fullRow && sums.journal(row) === row.checksum
