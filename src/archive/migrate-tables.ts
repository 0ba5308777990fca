import type { KeptEvent } from '../chat/events.js'
import { checksum } from '../storage/checksum.js'
import type { Database, Statement } from '../storage/database.js'
import { checkRow, sums, type MessageRow } from './archive-rows.js'
import { eventJson, type JournalRow } from './journal.js'
import { OlderRows, type OlderRecord } from './older-rows.js'
import { putRow } from './tables.js'

/** The tables that came with format 4, what their rows are known by, and what they are sorted by. */
const tables: Readonly<Record<string, { readonly key: readonly string[]; readonly sort?: string }>> = {
  announcement: { key: [] },
  users: { key: ['number'] },
  sessions: { key: ['token_hash'] },
  rooms: { key: ['number'] },
  members: { key: ['room', 'user'] },
  sent: { key: ['sender', 'client_id'], sort: 'message_id' },
}

interface OldRow extends Readonly<Record<string, unknown>> {
  readonly checksum: number
}

const dataSum = ({ number, data }: OldRow): number => checksum(0, Number(number), String(data))
const memberSum = ({ room, user }: OldRow): number => checksum(0, Number(room), Number(user))
const sentSum = (row: OldRow): number => {
  const { sender, client_id, message_id, sent_at, recipient, content_hash } = row
  const numbers = [Number(message_id), Number(sent_at)]
  return checksum(0, Number(sender), String(client_id), ...numbers, String(recipient), String(content_hash))
}

/** What each of the older tables was, in the order in which they are taken over. */
const older: readonly {
  readonly sql: string
  readonly sum: (row: OldRow) => number
  readonly record: (row: OldRow) => OlderRecord
}[] = [
  {
    sql: "SELECT 0 AS number, value AS data, checksum FROM about WHERE name = 'server'",
    sum: dataSum,
    record: parsed,
  },
  { sql: 'SELECT * FROM old_users ORDER BY number', sum: dataSum, record: parsed },
  { sql: 'SELECT * FROM old_rooms ORDER BY number', sum: dataSum, record: parsed },
  {
    sql: 'SELECT * FROM old_members ORDER BY place',
    sum: memberSum,
    record: ({ room, user }) => ({ type: 'member', room: Number(room), user: Number(user) }),
  },
  {
    sql: 'SELECT * FROM old_sent ORDER BY message_id',
    sum: sentSum,
    record: ({ day: _day, checksum: _sum, ...row }) => ({ type: 'sent', ...row }) as unknown as OlderRecord,
  },
]

function parsed({ data }: OldRow): OlderRecord {
  return JSON.parse(String(data)) as OlderRecord
}

/**
 * Makes format 4 of 3: all tables alike, and the place of a message's event beside the message. Each row is held to its
 * checksum, so that nothing that is damaged gets a new one.
 * @throws {DataError}
 */
export function migrateTables(database: Database, file: string): void {
  for (const name of ['users', 'rooms', 'members', 'sent']) database.exec(`ALTER TABLE ${name} RENAME TO old_${name}`)
  database.exec(`
    ALTER TABLE messages ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE messages ADD COLUMN event_index INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE messages ADD COLUMN changed_in INTEGER NOT NULL DEFAULT 0;
    -- What two users have sent to each other.
    CREATE INDEX messages_by_pair ON messages (target, sender, id) WHERE target > 0;
  `)
  for (const name of Object.keys(tables))
    database.exec(`CREATE TABLE ${name} (
      place INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      sort INTEGER,
      data TEXT NOT NULL,
      checksum INTEGER NOT NULL
    )`)
  database.exec('CREATE INDEX sent_by_sort ON sent (sort)')
  takeOver(database, file)
  for (const name of ['users', 'rooms', 'members', 'sent']) database.exec(`DROP TABLE old_${name}`)
  migrateJournal(database, file)
}

function takeOver(database: Database, file: string): void {
  const rows = new OlderRows()
  const put = new Map(Object.keys(tables).map((name) => [name, database.prepare(putRow(name))]))
  for (const { sql, sum, record } of older)
    for (const row of database.prepare(sql).iterate() as Iterable<OldRow>) {
      checkRow(file, `what is kept of ${sql.split(' ')[3] ?? ''}`, row, sum)
      for (const { table, row: it } of rows.rowsOf(record(row))) putInto(table, it as Record<string, unknown>, put)
    }
  const server = rows.serverRecord()
  if (!server) return
  const value = JSON.stringify(server)
  database.prepare("INSERT OR REPLACE INTO about VALUES ('server', ?, ?)").run(value, sums.server({ value }))
}

function putInto(table: string, row: Readonly<Record<string, unknown>>, put: ReadonlyMap<string, Statement>): void {
  const { key: members = [], sort } = tables[table] ?? {}
  const key = members.map((member) => String(row[member])).join(' ')
  const data = JSON.stringify(row)
  put.get(table)?.run(key, sort === undefined ? null : Number(row[sort]), data, sums.row(table, { key, data }))
}

type OldEvent = [position: number, index: number, at: number, what: number | OldBody | null, ...targets: number[]]
type OldBody = Readonly<Record<string, unknown>> & { readonly type: string }

/** The events of messages go to their rows, the others stay in another form. */
function migrateJournal(database: Database, file: string): void {
  const get = database.prepare('SELECT * FROM messages WHERE id = ?')
  const place = database.prepare('UPDATE messages SET position = ?, event_index = ?, checksum = ? WHERE id = ?')
  const put = database.prepare('UPDATE journal SET entries = ?, checksum = ? WHERE first = ?')
  const rows = database.prepare('SELECT * FROM journal ORDER BY first').all() as JournalRow[]
  for (const row of rows) {
    checkRow(file, `the journal of entries ${row.first} to ${row.last}`, row, sums.journal)
    const events = JSON.parse(`[${Buffer.from(row.entries).toString().slice(0, -1)}]`) as OldEvent[]
    let journal = ''
    for (const [position, index, at, what, ...targets] of events) {
      if (typeof what === 'number') placeMessage(what, position, index)
      else if (what) journal += eventJson(keptEvent({ position, index, at, targets }, what))
    }
    const entries = Buffer.from(journal)
    put.run(entries, sums.journal({ ...row, entries }), row.first)
  }

  function placeMessage(id: number, position: number, event_index: number): void {
    const found = get.get(id) as MessageRow | undefined
    if (!found) return
    const message = checkRow(file, `message ${id}`, found, sums.message)
    place.run(position, event_index, sums.message({ ...message, position, event_index }), id)
  }
}

const keptEvent = (where: Pick<KeptEvent, 'position' | 'index' | 'at' | 'targets'>, what: OldBody): KeptEvent => {
  const { type, ...body } = what
  return { ...where, type, body }
}
