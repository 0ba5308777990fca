import { setImmediate as turn } from 'node:timers/promises'
import type { MemberRecord, MessageRecord, SentRecord } from '../../schemas/records.js'
import { dayOf } from '../archive/archive-format.js'
import { checkRow, sums, type DataRow, type MemberRow, type MessageRow, type SentRow } from '../archive/archive-rows.js'
import { damaged } from '../storage/data-error.js'
import { scalar } from '../storage/database.js'
import type { OnProgress } from './copy-table.js'
import type { View } from './view.js'

/** A table of the archive whose rows are records. */
export interface Table<R = never> {
  readonly name: string
  /** All of it in the order of the records. */
  readonly sql: string
  /** What a person knows the row by. */
  readonly what: (row: R) => string
  /** @throws {DataError} if it is not what was written */
  readonly check: (file: string, what: string, row: R) => void
  /** The record, in JSON. */
  readonly line: (row: R) => string
}

const data = (name: string, sql: string, what: (row: DataRow) => string): Table<DataRow> => ({
  name,
  sql,
  what,
  check: (file, what, row) => checkRow(file, what, row, sums.data),
  line: (row) => row.data,
})

const server = data(
  'about',
  "SELECT 0 AS number, value AS data, checksum FROM about WHERE name = 'server'",
  () => 'the record of the server',
)
const users = data('users', 'SELECT * FROM users ORDER BY number', ({ number }) => `user ${number}`)
const rooms = data('rooms', 'SELECT * FROM rooms ORDER BY number', ({ number }) => `room ${number}`)

const members: Table<MemberRow> = {
  name: 'members',
  sql: 'SELECT * FROM members ORDER BY place',
  what: ({ user, room }) => `member ${user} of room ${room}`,
  check: (file, what, row) => checkRow(file, what, row, sums.member),
  line: ({ room, user }) => JSON.stringify({ type: 'member', room, user } satisfies MemberRecord),
}

const messages: Table<MessageRow> = {
  name: 'messages',
  sql: 'SELECT * FROM messages ORDER BY id',
  what: ({ id }) => `message ${id}`,
  check(file, what, row) {
    checkRow(file, what, row, sums.message)
    if (!Buffer.from(row.record).subarray(0, 30).toString().startsWith(`{"id":${row.id},`))
      throw damaged(file, `${what} has another id inside`)
  },
  line: (row) => messageLine(row, Buffer.from(row.record).toString()),
}

const sent: Table<SentRow> = {
  name: 'sent',
  sql: 'SELECT * FROM sent ORDER BY day, sender, client_id',
  what: ({ message_id }) => `the client_id of message ${message_id}`,
  check(file, what, row) {
    checkRow(file, what, row, sums.sent)
    if (row.day !== dayOf(row.sent_at)) throw damaged(file, `${what} is filed under another day than its own`)
  },
  line: ({ sender, client_id, message_id, sent_at, recipient, content_hash }) =>
    JSON.stringify({
      type: 'sent',
      sender,
      client_id,
      message_id,
      sent_at,
      recipient,
      content_hash,
    } satisfies SentRecord),
}

/** In the order of the records. */
export const tables = { server, users, rooms, members, messages, sent }

/** A `MessageRecord`, of which the message is there in JSON. */
export function messageLine(
  { target, sender, sent_at, client_id }: Pick<MessageRow, 'target' | 'sender' | 'sent_at' | 'client_id'>,
  message: string,
): string {
  const head: Omit<MessageRecord, 'message'> = {
    type: 'message',
    target,
    sender,
    sent_at,
    ...(client_id !== null && { client_id }),
  }
  return `${JSON.stringify(head).slice(0, -1)},"message":${message}}`
}

/** Rows that are handed on together. */
const chunk = 500

/** All rows of a table, some at a time. @throws {DataError} if SQLite cannot read them */
export async function* rowsOf<R>(view: View, { name, sql }: Table<R>, onProgress: OnProgress): AsyncGenerator<R[]> {
  const total = Number(scalar(view.database, `SELECT count(*) FROM ${name}`))
  let [rows, done]: [R[], number] = [[], 0]
  for (const row of view.database.prepare(sql).iterate() as Iterable<R>) {
    rows.push(row)
    if (rows.length < chunk) continue
    yield rows
    done += rows.length
    rows = []
    onProgress(name, done, total)
    await turn()
  }
  yield rows
}
