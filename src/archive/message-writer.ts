import type { Database, Statement, Value } from '../storage/database.js'
import { sums, type MessageRow } from './archive-rows.js'

/** Messages in the order of their ids, in columns: so they are cheap to hand over to another thread. */
export interface MessageRun {
  readonly ids: Float64Array
  /** What all readers see, each with a comma behind it. */
  readonly records: Uint8Array
  /** Where in them each message ends, with its comma. */
  readonly ends: Float64Array
  readonly targets: Float64Array
  readonly senders: Float64Array
  readonly times: Float64Array
  /** For each the message of its target before it; 0 if there is none. */
  readonly previous: Float64Array
  readonly positions: Float64Array
  readonly indexes: Float64Array
  /** Of those that have one, by id. */
  readonly clientIds: ReadonlyMap<number, string>
}

/** A message that is not as it was. */
export interface ChangedMessage {
  readonly id: number
  /** What all readers see. */
  readonly record: string
  /** The position of the entry that has changed it. */
  readonly position: number
}

/** Messages that are deleted at once: batches are written between. */
const deletedAtOnce = 2000

/** Messages that one statement puts: to run one costs as much as a row. */
const putAtOnce = 16
const aRow = '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

const sql = {
  put: `INSERT INTO messages VALUES ${aRow}`,
  putSome: `INSERT INTO messages VALUES ${Array<string>(putAtOnce).fill(aRow).join()}`,
  get: 'SELECT * FROM messages WHERE id = ?',
  change: 'UPDATE messages SET record = ?, changed_in = ?, checksum = ? WHERE id = ?',
  expired: 'DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE id <= ? ORDER BY id LIMIT ?)',
  expiredOf: 'DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE target = ? AND id <= ? LIMIT ?)',
}

/** What rows are joined to: `flat` takes longer than the statement. */
const noValues: Value[] = []

/** Writes messages into the archive. */
export class MessageWriter {
  private readonly statements: Readonly<Record<keyof typeof sql, Statement>>

  constructor(database: Database) {
    const prepared = Object.entries(sql).map(([name, text]) => [name, database.prepare(text)])
    this.statements = Object.fromEntries(prepared) as typeof this.statements
  }

  write({ ids, records, ends, clientIds, ...columns }: MessageRun): void {
    const { targets, senders, times, previous, positions, indexes } = columns
    let start = 0
    let rows: Value[][] = []
    ids.forEach((id, index) => {
      const end = ends[index] as number
      const values = valuesOf({
        id,
        target: targets[index] as number,
        sender: senders[index] as number,
        sent_at: times[index] as number,
        client_id: clientIds.get(id) ?? null,
        previous: previous[index] as number,
        // Without the comma that is behind it in memory.
        record: records.subarray(start, end - 1),
        position: positions[index] as number,
        event_index: indexes[index] as number,
        changed_in: 0,
      })
      start = end
      if (rows.push(values) < putAtOnce) return
      this.statements.putSome.run(...noValues.concat(...rows))
      rows = []
    })
    for (const values of rows) this.statements.put.run(...values)
  }

  put(row: Omit<MessageRow, 'checksum'>): void {
    this.statements.put.run(...valuesOf(row))
  }

  /** One that has been deleted for its age meanwhile stays so; and so does one that is not what was written, to be found. */
  change({ id, record, position: changed_in }: ChangedMessage): void {
    const row = this.statements.get.get(id) as MessageRow | undefined
    if (!row || sums.message(row) !== row.checksum) return
    const bytes = Buffer.from(record)
    this.statements.change.run(bytes, changed_in, sums.message({ ...row, record: bytes, changed_in }), id)
  }

  /** @returns whether there are more */
  expire(upTo: number, targets: readonly number[] | undefined): boolean {
    let left = deletedAtOnce
    if (!targets) left -= Number(this.statements.expired.run(upTo, left).changes)
    for (const target of targets ?? []) {
      if (left === 0) break
      left -= Number(this.statements.expiredOf.run(target, upTo, left).changes)
    }
    return left === 0
  }
}

function valuesOf(row: Omit<MessageRow, 'checksum'>): Value[] {
  const { id, target, sender, sent_at, client_id, previous, record, position, event_index, changed_in } = row
  const sum = sums.message(row)
  return [id, target, sender, sent_at, client_id, previous, record, sum, position, event_index, changed_in]
}
