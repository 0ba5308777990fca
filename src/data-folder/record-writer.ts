import type { MessageRecord, ServerRecord } from '../../schemas/rows.js'
import { sums } from '../archive/archive-rows.js'
import { MessageWriter } from '../archive/message-writer.js'
import { putRow } from '../archive/tables.js'
import { declaredTables } from '../chat/chat-state.js'
import { keyIn, type Table } from '../chat/tables/table.js'
import type { Database, Statement } from '../storage/database.js'
import type { KeptMessage } from './message-checker.js'
import type { KeptRecord } from './record-shapes.js'
import { messageRows, serverRow } from './rows.js'

/** Writes records into an archive that is not in use. */
export class RecordWriter {
  private readonly tables: ReadonlyMap<string, { readonly table: Table; readonly put: Statement }>
  private readonly messages: MessageWriter
  private readonly message: Statement
  /** The newest message of each target. */
  private readonly newest = new Map<number, number>()
  private server: ServerRecord | undefined
  private readonly counts = new Map<string, number>()

  constructor(private readonly database: Database) {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; BEGIN')
    this.tables = new Map(
      declaredTables().map((table) => [table.name, { table, put: database.prepare(putRow(table.name)) }]),
    )
    this.messages = new MessageWriter(database)
    this.message = database.prepare('SELECT sender, sent_at, client_id FROM messages WHERE id = ?')
  }

  write({ kind, value }: KeptRecord): void {
    if (kind === serverRow.member) this.server = value as ServerRecord
    else if (kind === messageRows.member) this.writeMessage(value as MessageRecord)
    else this.writeRow(kind, value)
  }

  messageOf(id: number): KeptMessage | undefined {
    return this.message.get(id) as KeptMessage | undefined
  }

  end(): void {
    // Older exports do not say how many rows all tables have.
    const value = JSON.stringify({ ...this.server, rows: Object.fromEntries(this.counts) })
    this.database.prepare("INSERT INTO about VALUES ('server', ?, ?)").run(value, sums.server({ value }))
    this.database.exec('COMMIT')
  }

  private writeRow(name: string, row: object): void {
    const { table, put } = this.tables.get(name) ?? {}
    if (!table || !put) return
    const [key, data] = [keyIn(table, row), JSON.stringify(row)]
    const sort = table.part ? Number((row as Record<string, unknown>)[table.part.sort]) : null
    put.run(key, sort, data, sums.row(name, { key, data }))
    if (!table.part) this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
  }

  private writeMessage({ target, sender, sent_at, client_id: own, message }: MessageRecord): void {
    const { id, ...rest } = message
    const json = JSON.stringify(message)
    const record = Buffer.from(json.startsWith('{"id":') ? json : JSON.stringify({ id, ...rest }))
    const previous = this.newest.get(target) ?? 0
    this.newest.set(target, id)
    const place = { position: 0, event_index: 0, changed_in: 0 }
    this.messages.put({ id, target, sender, sent_at, client_id: own ?? null, previous, record, ...place })
  }
}
