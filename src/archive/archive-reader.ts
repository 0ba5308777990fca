import type { SentRow, ServerRecord } from '../../schemas/rows.js'
import { mergeIds, type IdSource } from '../base/merge-ids.js'
import type { Neighbours, Part, Range } from '../chat/ports.js'
import { openDatabase, scalar, type Database, type Statement } from '../storage/database.js'
import type { ArchiveFiles } from './archive-file.js'
import { checkRow, sums, type MessageRow, type ServerRow, type TableRow } from './archive-rows.js'
import { Chain } from './chain.js'
import type { MessageRun } from './message-writer.js'
import { RecentReader, type JournalChunk } from './recent-reader.js'

/** Rows of a table, in JSON, and behind what the next are. */
export interface RowChunk {
  readonly rows: readonly string[]
  readonly last: number
}

/** With a `client_id` that nobody knows any more. */
const keyless = `
  SELECT id FROM messages WHERE id > ? AND client_id IS NOT NULL AND sent_at > ? AND NOT EXISTS (
    SELECT 1 FROM sent WHERE key = messages.sender || ' ' || messages.client_id AND sort >= messages.id)
  ORDER BY id LIMIT 1`

/** Each costs a look into the index, however many messages it has. */
const targetsOfRooms = `
  WITH RECURSIVE targets (target) AS (
    SELECT min(target) FROM messages
    UNION ALL SELECT (SELECT min(target) FROM messages WHERE target > targets.target) FROM targets WHERE target < 0
  )
  SELECT target FROM targets WHERE target < 0`

type Changed = ReadonlyMap<number, string>

interface Reading {
  readonly viewer: number
  readonly changed: Changed | undefined
  readonly chain?: Chain
}

/** Rows that are read at once when all are read. */
const chunk = 10_000
/** Ids that are read at once of one of several targets. */
const lookAhead = 16

/** Reads the archive, beside the one thread that writes it. */
export class ArchiveReader {
  private readonly file: string
  private readonly database: Database
  private readonly messageBy: Statement
  private readonly idsOf: Statement
  private readonly sentBy: Statement
  private readonly recent: RecentReader

  /** @param database The file's, where it is open already. */
  constructor({ file, engine }: ArchiveFiles, database = openDatabase(file, { engine, readOnly: true })) {
    this.file = file
    this.database = database
    this.messageBy = this.database.prepare('SELECT * FROM messages WHERE id = ?')
    this.idsOf = this.database.prepare(
      'SELECT id FROM messages WHERE target = ? AND id > ? AND id < ? ORDER BY id LIMIT ?',
    )
    this.sentBy = this.database.prepare('SELECT * FROM sent WHERE key = ?')
    this.recent = new RecentReader(file, database)
  }

  /**
   * The oldest messages of a range. Each target costs a look into the index; the rest is what is returned.
   * @param viewer The number of the user who reads, who sees the `client_id` of what was his.
   * @param changed What messages say that are to be written still, by id.
   */
  page({ targets, before, limit, bytes }: Range, viewer: number, changed?: Changed): Part {
    const lookAheadOf = targets.length === 1 ? limit + 1 : lookAhead
    const sources = targets.map(({ target, after }) => this.source(target, after, before, lookAheadOf))
    const ids = mergeIds(sources, limit + 1)
    const chain = new Chain(this.file, targets)
    const records = this.recordsOf(ids.slice(0, limit), bytes, { viewer, changed, chain })
    const { length } = records
    const more = ids.length > length
    if (!more) chain.end()
    return { records: Buffer.concat(records), last: ids[length - 1], count: length, more }
  }

  /** The messages of a conversation next to one of them. `viewer` and `changed` are as of {@link page}. */
  neighbours({ sources, after, before, newest, limit, bytes }: Neighbours, viewer: number, changed?: Changed): Part {
    const [order, way] = newest ? ['DESC', -1] : ['ASC', 1]
    const ids = sources
      .flatMap(({ target, sender }) => {
        const of = sender === undefined ? 'target = ?' : 'target = ? AND target > 0 AND sender = ?'
        const sql = `SELECT id FROM messages WHERE ${of} AND id > ? AND id < ? ORDER BY id ${order} LIMIT ?`
        const values = sender === undefined ? [target] : [target, sender]
        return this.database.prepare(sql).all(...values, after, before, limit + 1) as { id: number }[]
      })
      .map(({ id }) => id)
      .sort((one, other) => way * (one - other))
    const records = this.recordsOf(ids.slice(0, limit), bytes, { viewer, changed })
    const { length } = records
    if (newest) records.reverse()
    return { records: Buffer.concat(records), last: ids[length - 1], count: length, more: ids.length > length }
  }

  /** What was answered to a user's send with this `client_id`, if that was after a time in ms since the epoch. */
  sent(sender: number, clientId: string, after: number): SentRow | undefined {
    const row = this.sentBy.get(`${sender} ${clientId}`) as TableRow | undefined
    if (!row) return undefined
    const sent = JSON.parse(this.dataOf('sent', row)) as SentRow
    return sent.sent_at > after ? sent : undefined
  }

  /** What is said of all of it; undefined if nothing has been written. */
  server(): ServerRecord | undefined {
    const row = this.database.prepare("SELECT value, checksum FROM about WHERE name = 'server'").get()
    if (!row) return undefined
    const { value } = checkRow(this.file, 'the record of the server', row as ServerRow, sums.server)
    return JSON.parse(value) as ServerRecord
  }

  /** Where the log goes on; undefined if nothing has said so. */
  cursor(): string | undefined {
    const row = this.database.prepare("SELECT value, checksum FROM about WHERE name = 'cursor'").get()
    return row && checkRow(this.file, 'the place in the log', row as ServerRow, sums.server).value
  }

  /** Copies all of it, as it is at one moment, into a file that is not there yet. */
  copyInto(file: string): void {
    this.database.prepare('VACUUM INTO ?').run(file)
  }

  /** Rows of a table that stand behind a place, in the order in which they were put first: so many as make a chunk. */
  rows(table: string, after: number): RowChunk {
    const rows = this.database
      .prepare(`SELECT * FROM ${table} WHERE place > ? ORDER BY place LIMIT ${chunk}`)
      .all(after)
    return this.chunkOf(table, rows as TableRow[], 'place', after)
  }

  /** The same of a table that is in memory in part, by what it is sorted by. */
  sortedRows(table: string, after: number): RowChunk {
    const rows = this.database.prepare(`SELECT * FROM ${table} WHERE sort > ? ORDER BY sort LIMIT ${chunk}`).all(after)
    return this.chunkOf(table, rows as TableRow[], 'sort', after)
  }

  /** The first message behind another, and a time, of which the `client_id` has been lost; undefined if there is none. */
  keyless(after: number, time: number): number | undefined {
    const id = scalar(this.database, keyless, after, time)
    return id === undefined ? undefined : Number(id)
  }

  /** A message that is there. */
  message(id: number): MessageRow | undefined {
    const row = this.messageBy.get(id) as MessageRow | undefined
    return row && this.checked(id, row)
  }

  /** For each of these times, in ms since the epoch, the newest message that was accepted before it. */
  lastBefore(times: readonly number[]): number[] {
    const upTo = this.database.prepare('SELECT id, sent_at FROM messages WHERE id <= ? ORDER BY id DESC LIMIT 1')
    const newest = Number(scalar(this.database, 'SELECT max(id) FROM messages') ?? 0)
    return times.map((time) => lastBefore(time, upTo, newest))
  }

  /** The targets of rooms that have messages, whether the rooms are there or not. */
  targetsOfRooms(): number[] {
    return (this.database.prepare(targetsOfRooms).all() as { target: number }[]).map(({ target }) => target)
  }

  /** See {@link RecentReader}. */
  journal(position: number): JournalChunk | undefined {
    return this.recent.journal(position)
  }

  oldestWithin(least: number, end: number, bytes: number): number {
    return this.recent.oldestWithin(least, end, bytes)
  }

  firstBehind(position: number, time: number): number {
    return this.recent.firstBehind(position, time)
  }

  positionBefore(id: number, after: number): number {
    return this.recent.positionBefore(id, after)
  }

  recentMessages(from: number): MessageRun {
    return this.recent.messages(from)
  }

  /** Reads all that comes as it is at one moment, until {@link endMoment}. */
  beginMoment(): void {
    this.database.exec('BEGIN')
  }

  endMoment(): void {
    this.database.exec('COMMIT')
  }

  /** Answers when all that was asked before has been answered. */
  ready(): void {
    // That is all.
  }

  close(): void {
    this.database.close()
  }

  /** What a user sees of messages, each with a comma behind it, as far as it is within so many bytes; at least one. */
  private recordsOf(ids: readonly number[], bytes: number, { viewer, changed, chain }: Reading): Uint8Array[] {
    const records: Uint8Array[] = []
    let size = 0
    for (const id of ids) {
      const row = this.checked(id, this.messageBy.get(id) as MessageRow | undefined)
      chain?.add(row)
      const now = changed?.get(id)
      const record = recordFor(now === undefined ? row : { ...row, record: Buffer.from(now) }, viewer)
      size += record.length
      if (size > bytes && records.length > 0) break
      records.push(record)
    }
    return records
  }

  private checked(id: number, row: MessageRow | undefined): MessageRow {
    return checkRow(this.file, `message ${id}`, row, sums.message)
  }

  private source(target: number, after: number, before: number, ahead: number): IdSource {
    let ids = this.idsOf.all(target, after, before, ahead) as { id: number }[]
    let index = 0
    return {
      next: () => {
        if (index === ids.length && ids.length === ahead) {
          ids = this.idsOf.all(target, ids.at(-1)?.id ?? before, before, ahead) as { id: number }[]
          index = 0
        }
        return ids[index++]?.id
      },
    }
  }

  private chunkOf(table: string, rows: readonly TableRow[], by: 'place' | 'sort', after: number): RowChunk {
    return { rows: rows.map((row) => this.dataOf(table, row)), last: rows.at(-1)?.[by] ?? after }
  }

  private dataOf(table: string, row: TableRow): string {
    return checkRow(this.file, `row ${row.key} of ${table}`, row, (it) => sums.row(table, it)).data
  }
}

/** Ids and times ascend together. @param upTo Finds the message with an id, or else the one before. */
function lastBefore(time: number, upTo: Statement, newest: number): number {
  let low = 0
  let high = newest
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const row = upTo.get(middle) as Pick<MessageRow, 'id' | 'sent_at'> | undefined
    if (!row || row.sent_at < time) low = middle
    else high = row.id - 1
  }
  return low
}

const comma = Buffer.from(',')

function recordFor({ record, client_id, sender }: MessageRow, viewer: number): Uint8Array {
  if (client_id === null || sender !== viewer) return Buffer.concat([record, comma])
  return Buffer.concat([record.subarray(0, -1), Buffer.from(`,"client_id":${JSON.stringify(client_id)}},`)])
}
