import type { MemberRecord, RoomRecord, SentRecord, ServerRecord, UserRecord } from '../../schemas/records.js'
import { openDatabase, scalar, type Database, type Statement } from '../storage/database.js'
import { mergeIds, type IdSource } from '../base/merge-ids.js'
import type { ArchiveFiles } from './archive-file.js'
import { dayOf, daysRemembered } from './archive-format.js'
import { Chain } from './chain.js'
import { checkRow, sums, type DataRow, type MemberRow, type MessageRow, type SentRow } from './archive-rows.js'
import { RecentReader, type JournalChunk, type RecentMessages } from './recent-reader.js'

/** A conversation of which messages are asked for. */
export interface Target {
  /** The number of the user, or minus the number of the room. */
  readonly target: number
  readonly after: number
  /** Its newest message before the end of the range. */
  readonly newest: number
}

/** Which messages are asked for. */
export interface Range {
  readonly targets: readonly Target[]
  readonly before: number
  readonly limit: number
  /** The bytes of all records together at most, unless one alone has more. */
  readonly bytes: number
}

export interface Part {
  /** The messages as elements of a JSON array, each with a comma behind it. */
  readonly records: Uint8Array
  /** The id of the last; undefined if there is none. */
  readonly last: number | undefined
  readonly count: number
  /** Whether there are more of them in the range. */
  readonly more: boolean
}

type Nullable<T> = { [K in keyof T]: T[K] | null }

/** With nothing beside an id where something must be. */
const sentAfter = `
  SELECT messages.id, sent.* FROM messages LEFT JOIN sent
    ON sent.day = messages.sent_at / 86400000 AND sent.sender = messages.sender AND sent.client_id = messages.client_id
  WHERE messages.id > ? AND messages.client_id IS NOT NULL AND (sent.message_id = messages.id
    OR (sent.message_id IS NULL AND messages.sent_at / 86400000 > ?))
  ORDER BY messages.id LIMIT ?`

const sentOfDeleted = `
  SELECT * FROM sent WHERE message_id > ? AND +day > ? AND NOT EXISTS (SELECT 1 FROM messages WHERE id = sent.message_id)
  ORDER BY message_id LIMIT ?`

/** Each costs a look into the index, however many messages it has. */
const targetsOfRooms = `
  WITH RECURSIVE targets (target) AS (
    SELECT min(target) FROM messages
    UNION ALL SELECT (SELECT min(target) FROM messages WHERE target > targets.target) FROM targets WHERE target < 0
  )
  SELECT target FROM targets WHERE target < 0`

/** Rows that are read at once when all are read. */
const chunk = 10_000
/** Ids that are read at once of one of several targets. */
const lookAhead = 16

/** Reads the archive, beside the one thread that writes it. */
export class ArchiveReader {
  private readonly file: string
  private readonly database: Database
  private readonly message: Statement
  private readonly idsOf: Statement
  private readonly sentBy: Statement
  private readonly recent: RecentReader

  /** @param database The file's, where it is open already. */
  constructor({ file, engine }: ArchiveFiles, database = openDatabase(file, { engine, readOnly: true })) {
    this.file = file
    this.database = database
    this.message = this.database.prepare('SELECT * FROM messages WHERE id = ?')
    this.idsOf = this.database.prepare(
      'SELECT id FROM messages WHERE target = ? AND id > ? AND id < ? ORDER BY id LIMIT ?',
    )
    this.sentBy = this.database.prepare('SELECT * FROM sent WHERE day = ? AND sender = ? AND client_id = ?')
    this.recent = new RecentReader(file, database)
  }

  /**
   * The oldest messages of a range. Each target costs a look into the index; the rest is what is returned.
   * @param viewer The number of the user who reads, who sees the `client_id` of what was his.
   */
  page({ targets, before, limit, bytes }: Range, viewer: number): Part {
    const lookAheadOf = targets.length === 1 ? limit + 1 : lookAhead
    const sources = targets.map(({ target, after }) => this.source(target, after, before, lookAheadOf))
    const ids = mergeIds(sources, limit + 1)
    const chain = new Chain(this.file, targets)
    const records: Uint8Array[] = []
    let size = 0
    for (const id of ids.slice(0, limit)) {
      const row = checkRow(this.file, `message ${id}`, this.message.get(id) as MessageRow | undefined, sums.message)
      chain.add(row)
      const record = recordFor(row, viewer)
      size += record.length
      if (size > bytes && records.length > 0) break
      records.push(record)
    }
    const more = ids.length > records.length
    if (!more) chain.end()
    return { records: Buffer.concat(records), last: ids[records.length - 1], count: records.length, more }
  }

  /** What was answered to a user's send with this `client_id`, today or the day before. */
  sent(sender: number, clientId: string, now: number): SentRecord | undefined {
    for (let day = dayOf(now), last = day - daysRemembered; day > last; day--) {
      const row = this.sentBy.get(day, sender, clientId) as SentRow | undefined
      if (row) return this.sentRecord(row, row.message_id)
    }
    return undefined
  }

  /** What is said of the server; undefined if nothing has been written. */
  server(): ServerRecord | undefined {
    const row = this.database
      .prepare("SELECT 0 AS number, value AS data, checksum FROM about WHERE name = 'server'")
      .get() as DataRow | undefined
    return row && (this.parsed('the record of the server', row) as ServerRecord)
  }

  /** Users with greater numbers, so many as make a chunk. */
  users(after: number): UserRecord[] {
    const rows = this.database.prepare('SELECT * FROM users WHERE number > ? ORDER BY number LIMIT ?').all(after, chunk)
    return (rows as DataRow[]).map((row) => this.parsed(`user ${row.number}`, row) as UserRecord)
  }

  /** Rooms with greater numbers, so many as make a chunk. */
  rooms(after: number): RoomRecord[] {
    const rows = this.database.prepare('SELECT * FROM rooms WHERE number > ? ORDER BY number LIMIT ?').all(after, chunk)
    return (rows as DataRow[]).map((row) => this.parsed(`room ${row.number}`, row) as RoomRecord)
  }

  /** Members in the order in which they have joined, so many as make a chunk, and the place of the last. */
  members(after: number): { members: MemberRecord[]; place: number } {
    const rows = this.database
      .prepare('SELECT * FROM members WHERE place > ? ORDER BY place LIMIT ?')
      .all(after, chunk) as MemberRow[]
    const members = rows.map((row) => {
      const { room, user } = checkRow(this.file, `member ${row.user} of room ${row.room}`, row, sums.member)
      return { type: 'member' as const, room, user }
    })
    return { members, place: rows.at(-1)?.place ?? after }
  }

  /**
   * What was answered to sends with a `client_id`, for messages with greater ids, so many as make a chunk.
   * @param today Answers are kept for this day and the one before.
   */
  sentAfter(id: number, today: number): SentRecord[] {
    const rows = this.database.prepare(sentAfter).all(id, today - daysRemembered, chunk) as (Nullable<SentRow> & {
      id: number
    })[]
    return rows.map((row) => this.sentRecord(row.message_id === null ? undefined : (row as SentRow), row.id))
  }

  /** The same for messages that have been deleted. */
  sentOfDeleted(id: number, today: number): SentRecord[] {
    const rows = this.database.prepare(sentOfDeleted).all(id, today - daysRemembered, chunk) as SentRow[]
    return rows.map((row) => this.sentRecord(row, row.message_id))
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

  recentMessages(from: number): RecentMessages {
    return this.recent.messages(from)
  }

  /** Answers when all that was asked before has been answered. */
  ready(): void {
    // That is all.
  }

  close(): void {
    this.database.close()
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

  private sentRecord(row: SentRow | undefined, id: number): SentRecord {
    const what = `the client_id of message ${id}`
    const { sender, client_id, message_id, sent_at, recipient, content_hash } = checkRow(
      this.file,
      what,
      row,
      sums.sent,
    )
    return { type: 'sent', sender, client_id, message_id, sent_at, recipient, content_hash }
  }

  private parsed(what: string, row: DataRow): unknown {
    return JSON.parse(checkRow(this.file, what, row, sums.data).data)
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
