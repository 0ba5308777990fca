import { checksum } from '../storage/checksum.js'
import { damaged } from '../base/data-error.js'
import type { JournalRow } from './journal.js'

/** A message as it is stored. */
export interface MessageRow {
  readonly id: number
  /** The number of the user whom it is for, or minus the number of the room. */
  readonly target: number
  /** The number of the user who sent it; 0 for the server. */
  readonly sender: number
  readonly sent_at: number
  readonly client_id: string | null
  /** The id of the message of that target before this one; 0 before the first. */
  readonly previous: number
  /** What all readers see: a JSON object. */
  readonly record: Uint8Array
  /** The position of its entry; 0 where that is not known any more. */
  readonly position: number
  /** The place of its event among those of the entry. */
  readonly event_index: number
  /** The position of the entry that has changed it last; 0 if none has. */
  readonly changed_in: number
  readonly checksum: number
}

/** A row of a table of the state. */
export interface TableRow {
  /** The order in which rows were put first. */
  readonly place: number
  /** By what it is known in its table. */
  readonly key: string
  /** Of a table that is in memory in part. */
  readonly sort: number | null
  /** The row, in JSON. */
  readonly data: string
  readonly checksum: number
}

/** What is said of all of it, in JSON. */
export interface ServerRow {
  readonly value: string
  readonly checksum: number
}

/** What each row's checksum is of. */
export const sums = {
  message: (row: Omit<MessageRow, 'checksum'>): number => {
    const { id, target, sender, sent_at, client_id, previous, record, position, event_index, changed_in } = row
    // Older messages were written before the others were known.
    return position === 0 && changed_in === 0
      ? checksum(0, id, target, sender, sent_at, client_id, previous, record)
      : checksum(0, id, target, sender, sent_at, client_id, previous, position, event_index, changed_in, record)
  },
  server: ({ value }: Omit<ServerRow, 'checksum'>): number => checksum(0, 0, value),
  row: (table: string, { key, data }: Pick<TableRow, 'key' | 'data'>): number => checksum(0, table, key, data),
  journal: ({ first, last, at, entries }: Omit<JournalRow, 'checksum'>): number =>
    checksum(0, first, last, at, entries),
}

/** @throws {DataError} if the row is missing, or not what was written */
export function checkRow<R extends { checksum: number }>(
  file: string,
  what: string,
  row: R | undefined,
  sum: (row: R) => number,
): R {
  if (!row) throw damaged(file, `${what} is missing`)
  if (sum(row) !== row.checksum) throw damaged(file, `${what} is not what was written`)
  return row
}
