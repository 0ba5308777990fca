import { damaged } from '../base/data-error.js'
import { scalar, type Database } from '../storage/database.js'
import { checkRow, sums, type MessageRow } from './archive-rows.js'
import type { JournalRow } from './journal.js'
import type { MessageRun } from './message-writer.js'

/** Rows of the journal, one after the other. */
export interface JournalChunk {
  /** The position with which they begin. */
  readonly first: number
  /** The position that they have come to. */
  readonly last: number
  /** Their events, each as an element of a JSON array with a comma behind it. */
  readonly entries: string
}

/** The bytes of a chunk of events, about. */
const chunkSize = 2 ** 18
/** Messages of a chunk. */
const chunkLength = 1000
/** Messages of which the sizes are summed up at once. */
const summed = 50
/** What a message in memory takes beside its record and its `client_id`, at most. */
const besideRecord = 40

const sql = {
  journal: 'SELECT * FROM journal WHERE first >= ? ORDER BY first',
  rowOf: 'SELECT max(first) FROM journal WHERE first <= ?',
  // One row for all of them: to make an object and a buffer of each would take three times as long.
  messages: `SELECT
    json_group_array(json_array(id, target, sender, sent_at, client_id, previous, position, event_index, changed_in, length(record), checksum)) AS rows,
    CAST(group_concat(CAST(record AS TEXT) || ',', '') AS BLOB) AS records
    FROM (SELECT * FROM messages WHERE id >= ? ORDER BY id LIMIT ${chunkLength})`,
  sizes: `SELECT min(id) AS first, total(length(record) + ${besideRecord} + ifnull(length(CAST(client_id AS BLOB)), 0)) AS bytes
    FROM (SELECT * FROM messages WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ${summed})`,
}

/** A message's row in a JSON array, with the bytes of its record for itself. */
type Row = readonly [
  ...Readonly<[id: number, target: number, sender: number, sentAt: number, clientId: string | null, previous: number]>,
  ...Readonly<[position: number, eventIndex: number, changedIn: number]>,
  length: number,
  checksum: number,
]

/** Reads what a start brings back into memory, chunk by chunk. */
export class RecentReader {
  constructor(
    private readonly file: string,
    private readonly database: Database,
  ) {}

  /** Rows of the journal from the last on that begins up to a position; undefined if there are none at all. @throws {DataError} */
  journal(position: number): JournalChunk | undefined {
    const start = Number(scalar(this.database, sql.rowOf, position) ?? 0)
    const rows = this.database.prepare(sql.journal).iterate(start) as Iterable<JournalRow>
    const entries: Uint8Array[] = []
    let [first, last, size]: [number | undefined, number, number] = [undefined, start - 1, 0]
    for (const row of rows) {
      if (first !== undefined && row.first !== last + 1) throw missingJournal(this.file, last + 1, row.first - 1)
      checkRow(this.file, journalOf(row.first, row.last), row, sums.journal)
      first ??= row.first
      last = row.last
      entries.push(row.entries)
      size += row.entries.length
      if (size >= chunkSize) break
    }
    if (first === undefined) return undefined
    return { first, last, entries: Buffer.concat(entries).toString() }
  }

  /** The oldest id, not before `least`, from which on all messages before `end` have so many bytes in memory at most. */
  oldestWithin(least: number, end: number, bytes: number): number {
    const sizes = this.database.prepare(sql.sizes)
    let oldest = end
    for (let left = bytes; oldest > least;) {
      const next = sizes.get(least, oldest) as { first: number | null; bytes: number }
      if (next.first === null) return least
      left -= next.bytes
      if (left < 0) break
      oldest = next.first
    }
    return oldest
  }

  /** Messages from an id on, so many as make a chunk. @throws {DataError} */
  messages(from: number): MessageRun {
    const chunk = this.database.prepare(sql.messages).get(from) as { rows: string; records: Uint8Array | null }
    const rows = JSON.parse(chunk.rows) as Row[]
    const messages = columns(rows.length, chunk.records ?? new Uint8Array())
    let [index, start] = [0, 0]
    for (const [id, target, sender, sent_at, client_id, previous, ...rest] of rows) {
      const [position, event_index, changed_in, length, checksum] = rest
      const record = messages.records.subarray(start, start + length)
      const beside = { client_id, previous, record, position, event_index, changed_in, checksum }
      checkRow(this.file, `message ${id}`, { id, target, sender, sent_at, ...beside }, sums.message)
      start += length + 1
      messages.ids[index] = id
      messages.ends[index] = start
      messages.targets[index] = target
      messages.senders[index] = sender
      messages.times[index] = sent_at
      messages.positions[index] = position
      messages.indexes[index] = event_index
      messages.previous[index] = previous
      if (client_id !== null) messages.clientIds.set(id, client_id)
      index++
    }
    return messages
  }

  /**
   * The first message of an entry behind this one, and accepted after a time in ms since the epoch; the next that there will be
   * if there is none.
   */
  firstBehind(position: number, time: number): number {
    const from = this.database.prepare('SELECT id, position, sent_at FROM messages WHERE id >= ? ORDER BY id LIMIT 1')
    let low = 1
    let high = Number(scalar(this.database, 'SELECT max(id) FROM messages') ?? 0) + 1
    // Ids, positions and times ascend together.
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const row = from.get(middle) as Pick<MessageRow, 'id' | 'position' | 'sent_at'> | undefined
      if (!row || (row.position > position && row.sent_at > time)) high = middle
      else low = row.id + 1
    }
    return low
  }

  /** The position of the entry of the last message before one, and after another; 0 if there is none. */
  positionBefore(id: number, after: number): number {
    const sql = 'SELECT position FROM messages WHERE id < ? AND id > ? ORDER BY id DESC LIMIT 1'
    return Number(scalar(this.database, sql, id, after) ?? 0)
  }
}

function columns(length: number, records: Uint8Array) {
  const column = () => new Float64Array(length)
  return {
    ids: column(),
    records,
    ends: column(),
    targets: column(),
    senders: column(),
    times: column(),
    positions: column(),
    indexes: column(),
    previous: column(),
    clientIds: new Map<number, string>(),
  } satisfies MessageRun
}

/** What a person knows a part of the journal by. */
export const journalOf = (first: number, last: number): string => `the journal of entries ${first} to ${last}`

export const missingJournal = (file: string, first: number, last: number): Error =>
  damaged(file, `${journalOf(first, last)} is missing`)
