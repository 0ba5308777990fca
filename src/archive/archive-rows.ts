import { checksum } from '../storage/checksum.js'
import { damaged } from '../storage/data-error.js'
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
  readonly checksum: number
}

/** A user, a room, or what is said of the server: a record in JSON. */
export interface DataRow {
  readonly number: number
  readonly data: string
  readonly checksum: number
}

export interface MemberRow {
  readonly place: number
  readonly room: number
  readonly user: number
  readonly checksum: number
}

export interface SentRow {
  readonly day: number
  readonly sender: number
  readonly client_id: string
  readonly message_id: number
  readonly sent_at: number
  readonly recipient: string
  readonly content_hash: string
  readonly checksum: number
}

/** What each row's checksum is of. */
export const sums = {
  message: ({ id, target, sender, sent_at, client_id, previous, record }: Omit<MessageRow, 'checksum'>): number =>
    checksum(0, id, target, sender, sent_at, client_id, previous, record),
  data: ({ number, data }: Omit<DataRow, 'checksum'>): number => checksum(0, number, data),
  member: ({ room, user }: Omit<MemberRow, 'checksum' | 'place'>): number => checksum(0, room, user),
  sent: (row: Omit<SentRow, 'checksum'>): number =>
    checksum(0, row.sender, row.client_id, row.message_id, row.sent_at, row.recipient, row.content_hash),
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
