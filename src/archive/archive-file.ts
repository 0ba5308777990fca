import type { Window } from '../base/window.js'
import { openDatabase, scalar, transaction, type Database, type Statement } from '../storage/database.js'
import type { Engine } from '../storage/engines.js'
import { bringUp } from '../storage/format.js'
import { Place } from '../storage/place.js'
import { releaseSpace } from '../storage/release-space.js'
import { Wal } from '../storage/wal.js'
import { archiveFormat } from './archive-format.js'
import { sums } from './archive-rows.js'
import { JournalWriter } from './journal-writer.js'
import { MessageWriter, type ChangedMessage, type MessageRun } from './message-writer.js'
import { dropOld, makeTables, putRow, type StoredTable } from './tables.js'

export interface ArchiveFiles {
  /** The database. */
  readonly file: string
  readonly engine?: Engine | undefined
}

export interface ArchiveFileOptions extends ArchiveFiles {
  /** The live events that are kept. */
  readonly window: Window
  readonly tables: readonly StoredTable[]
}

/** Rows of a table that have come, changed or gone, in order; those that are gone have no data. */
export interface RowBatch {
  readonly table: string
  readonly rows: readonly (readonly [key: string, sort: number | null, data: string | undefined])[]
}

/** What has changed since the batch before. */
export interface Batch {
  /** The `ServerRecord`, in JSON. */
  readonly server: string
  /** The cursor of the entry that it comes to. */
  readonly cursor: string | undefined
  /** The position of the entry that it comes to. */
  readonly position: number
  /** The time of that entry. */
  readonly time: number
  readonly tables: readonly RowBatch[]
  readonly messages: MessageRun | undefined
  readonly changedMessages: readonly ChangedMessage[]
  /** The live events, each as an element of a JSON array with a comma behind it. */
  readonly journal: string
}

interface TableStatements {
  readonly put: Statement
  readonly drop: Statement
  readonly old: { readonly drop: Statement; readonly keptMs: number } | undefined
}

/** Old rows that a batch drops at most for each that it puts: so they are fewer again before long. */
const droppedRows = 2

/**
 * The archive's file: what the state has come to at an entry, with all messages. Each batch is a transaction that takes it
 * from one entry to a later one.
 */
export class ArchiveFile {
  private readonly database: Database
  private readonly putServer: Statement
  private readonly putCursor: Statement
  private readonly tables: ReadonlyMap<string, TableStatements>
  private readonly messages: MessageWriter
  private readonly place: Place
  private readonly journal: JournalWriter
  private readonly wal: Wal

  constructor({ file, engine, window, tables }: ArchiveFileOptions) {
    const database = (this.database = openDatabase(file, { engine }))
    bringUp(database, file, archiveFormat)
    makeTables(database, tables)
    this.place = new Place(file)
    database.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    this.putServer = database.prepare("INSERT OR REPLACE INTO about VALUES ('server', ?, ?)")
    this.putCursor = database.prepare("INSERT OR REPLACE INTO about VALUES ('cursor', ?, ?)")
    this.tables = new Map(tables.map((table) => [table.name, statementsOf(database, table)]))
    this.messages = new MessageWriter(database)
    this.journal = new JournalWriter(database, window)
    this.wal = new Wal(database)
  }

  /** Binds the file to its log, whose name is the epoch. @returns the epoch of the log to which it belongs */
  bind(epoch: string): string {
    const bound = scalar(this.database, "SELECT value FROM about WHERE name = 'epoch'")
    if (bound !== undefined) return String(bound)
    this.database.prepare("INSERT INTO about VALUES ('epoch', ?, 0)").run(epoch)
    return epoch
  }

  write(batch: Batch): void {
    this.place.check()
    transaction(this.database, () => {
      for (const rows of batch.tables) this.writeRows(rows, batch.time)
      if (batch.messages) this.messages.write(batch.messages)
      for (const changed of batch.changedMessages) this.messages.change(changed)
      this.journal.write(batch)
      this.putServer.run(batch.server, sums.server({ value: batch.server }))
      if (batch.cursor !== undefined) this.putCursor.run(batch.cursor, sums.server({ value: batch.cursor }))
    })
    // What a message said before is not to stay.
    if (batch.changedMessages.length > 0) this.wal.note()
    this.wal.empty()
  }

  /**
   * Deletes some of the messages up to this one, and gives back their space. @returns whether there are more.
   * @param targets Whose messages; without them, all.
   */
  expire(upTo: number, targets: readonly number[] | undefined): boolean {
    const more = transaction(this.database, () => this.messages.expire(upTo, targets))
    releaseSpace(this.database)
    this.wal.note()
    if (!more) this.wal.empty()
    return more
  }

  /** Empties the file that ends in "-wal", if what was deleted is in it still because somebody read there. */
  tidy(): void {
    this.wal.empty()
  }

  close(): void {
    this.database.close()
  }

  private writeRows({ table, rows }: RowBatch, time: number): void {
    const statements = this.tables.get(table)
    if (!statements) throw new TypeError(`there is no table ${table}`)
    const { put, drop, old } = statements
    for (const [key, sort, data] of rows) {
      if (data === undefined) drop.run(key)
      else put.run(key, sort, data, sums.row(table, { key, data }))
    }
    old?.drop.run(droppedRows * rows.length, time - old.keptMs)
  }
}

const statementsOf = (database: Database, { name, part }: StoredTable): TableStatements => ({
  put: database.prepare(putRow(name)),
  drop: database.prepare(`DELETE FROM ${name} WHERE key = ?`),
  old: part && { drop: database.prepare(dropOld(name, part)), keptMs: part.keptMs },
})
