import { setImmediate as turn } from 'node:timers/promises'
import type { MessageRecord } from '../../schemas/rows.js'
import { checkRow, sums, type MessageRow, type ServerRow, type TableRow } from '../archive/archive-rows.js'
import { declaredTables } from '../chat/chat-state.js'
import { isMessage } from '../chat/messages/message-json.js'
import { keyIn, type Table } from '../chat/tables/table.js'
import { damaged } from '../base/data-error.js'
import { scalar } from '../storage/database.js'
import type { OnProgress } from './copy-table.js'
import type { View } from './view.js'

/** What stands in the archive row by row, and in an export line by line. */
export interface RowKind<R = never> {
  /** In the archive. */
  readonly name: string
  /** What a line begins with. */
  readonly member: string
  /** All of it in the order of the lines. */
  readonly sql: string
  /** What a person knows the row by. */
  readonly what: (row: R) => string
  /** @throws {DataError} if it is not what was written */
  readonly check: (file: string, what: string, row: R) => void
  /** What it says, in JSON. */
  readonly json: (row: R) => string
}

export const serverRow: RowKind<ServerRow> = {
  name: 'about',
  member: 'server',
  sql: "SELECT value, checksum FROM about WHERE name = 'server'",
  what: () => 'the record of the server',
  check: (file, what, row) => checkRow(file, what, row, sums.server),
  json: ({ value }) => value,
}

export const rowsOfTable = (table: Table): RowKind<TableRow> => ({
  name: table.name,
  member: table.name,
  sql: `SELECT * FROM ${table.name} ORDER BY ${table.part ? 'sort' : 'place'}`,
  what: ({ key }) => (key === '' ? table.noun : `${table.noun} ${key}`),
  check(file, what, row) {
    checkRow(file, what, row, (it) => sums.row(table.name, it))
    if (keyIn(table, JSON.parse(row.data) as object) !== row.key) throw damaged(file, `${what} has another key inside`)
  },
  json: ({ data }) => data,
})

export const messageRows: RowKind<MessageRow> = {
  name: 'messages',
  member: 'message',
  sql: 'SELECT * FROM messages ORDER BY id',
  what: ({ id }) => `message ${id}`,
  check(file, what, row) {
    checkRow(file, what, row, sums.message)
    if (!isMessage(row.record, row.id)) throw damaged(file, `${what} has another id inside`)
  },
  json: (row) => messageLine(row, Buffer.from(row.record).toString()),
}

const tables = declaredTables()

/** In the order of the lines: what is known in part speaks of messages. */
export const rowKinds: readonly RowKind[] = [
  serverRow,
  ...tables.filter(({ part }) => !part).map(rowsOfTable),
  messageRows,
  ...tables.filter(({ part }) => part).map(rowsOfTable),
]

/** A `MessageRecord`, of which the message is there in JSON. */
export function messageLine(
  { target, sender, sent_at, client_id }: Pick<MessageRow, 'target' | 'sender' | 'sent_at' | 'client_id'>,
  message: string,
): string {
  const head: Omit<MessageRecord, 'message'> = { target, sender, sent_at, ...(client_id !== null && { client_id }) }
  return `${JSON.stringify(head).slice(0, -1)},"message":${message}}`
}

/** Rows that are handed on together. */
const chunk = 500

/** All rows of a kind, some at a time. @throws {DataError} if SQLite cannot read them */
export async function* rowsOf<R>(view: View, { name, sql }: RowKind<R>, onProgress: OnProgress): AsyncGenerator<R[]> {
  // A table that has come since is not in older archives.
  if (scalar(view.database, "SELECT 1 FROM pragma_table_list WHERE name = ? AND type = 'table'", name) === undefined)
    return
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
