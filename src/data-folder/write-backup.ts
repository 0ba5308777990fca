import { archiveFormat, tablesOfEpoch } from '../archive/archive-format.js'
import { logFormat } from '../log/log-format.js'
import type { StoredGroup } from '../log/stored-group.js'
import { openDatabase, scalar, type Database } from '../storage/database.js'
import { backupFormat, logTable } from './backup-format.js'
import { checkSums } from './check-sums.js'
import { copyTable, tablesOf, type OnProgress } from './copy-table.js'
import type { Paths } from './paths.js'
import { archivedPosition, attachFolder, forgottenPosition, readTogether, viewBackup } from './view.js'

/** What a backup has. */
export interface Backup {
  /** The position of the last entry that it includes. */
  readonly position: number
  readonly messages: number
}

/**
 * Copies a folder into an empty file, as the folder is at one moment; a server may run on it. All that was acknowledged
 * before is in it.
 * @throws {DataError} if there is no chat, or a row is not what was written
 */
export async function writeBackup(paths: Paths, file: string, onProgress: OnProgress): Promise<Backup> {
  const database = openDatabase(file, { name: paths.folder })
  try {
    // Nobody sees the file before it is whole.
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF')
    attachFolder(database, paths)
    for (const step of backupFormat.steps) step(database, file)
    database.exec(`PRAGMA application_id = ${backupFormat.applicationId}`)
    database.exec(`PRAGMA user_version = ${backupFormat.steps.length}`)
    readTogether(database, paths)
    const tables = [
      ...tablesOf(database, 'archive')
        .filter((table) => !tablesOfEpoch.includes(table))
        .map((table) => ['archive', table, table] as const),
      ...tablesOf(database, 'log').map((table) => ['log', table, logTable(table)] as const),
    ]
    const forgotten = lastForgotten(database)
    const note = database.prepare('INSERT INTO main.backup VALUES (?, ?)')
    for (const [schema, table, name] of tables) {
      makeTable(database, schema, table, name)
      const after = name === 'log' ? forgotten?.first : undefined
      note.run(`rows.${name}`, await copyTable(database, [schema, table], ['main', name], onProgress, after))
    }
    if (forgotten) beginBehind(database, forgotten)
    note.run('archive_format', archiveFormat.steps.length)
    note.run('log_format', logFormat.steps.length)
    database.exec('COMMIT')
  } finally {
    database.close()
  }
  return checked(file, onProgress)
}

/** The last row of the log that the archive makes needless, and that says something which has been deleted since. */
function lastForgotten(database: Database): StoredGroup | undefined {
  const bounds = [archivedPosition({ database }, 'archive.about'), forgottenPosition({ database }, 'archive.about')]
  return database
    .prepare('SELECT * FROM log.log WHERE first + count - 1 <= ? AND first <= ? ORDER BY first DESC LIMIT 1')
    .get(...bounds) as StoredGroup | undefined
}

/** Says in the log's `about` that its rows begin behind this one. */
function beginBehind(database: Database, { first, count, checksum }: StoredGroup): void {
  const set = database.prepare('UPDATE main.log_about SET value = ? WHERE name = ?')
  set.run(first + count - 1, 'base')
  set.run(checksum, 'base_checksum')
}

/** Reads it again: it is a backup when every row in it is what the server wrote. */
async function checked(file: string, onProgress: OnProgress): Promise<Backup> {
  const view = viewBackup(file)
  try {
    await checkSums(view, onProgress)
    const position = scalar(view.database, 'SELECT max(first + count - 1) FROM log')
    const base = scalar(view.database, "SELECT value FROM log_about WHERE name = 'base'")
    const messages = scalar(view.database, 'SELECT count(*) FROM messages')
    return { position: Number(position ?? base), messages: Number(messages) }
  } finally {
    view.close()
  }
}

function makeTable(database: Database, schema: string, table: string, name: string): void {
  const sql = String(scalar(database, `SELECT sql FROM ${schema}.sqlite_master WHERE name = ?`, table))
  database.exec(sql.replace(/^CREATE TABLE\s+"?\w+"?/, `CREATE TABLE main.${name}`))
}
