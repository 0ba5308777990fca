import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { archiveFormat } from '../archive/archive-format.js'
import { checkGroup, type Before, type StoredGroup } from '../log/stored-group.js'
import { logFormat } from '../log/log-format.js'
import { DataError } from '../base/data-error.js'
import { openDatabase, scalar, type Database } from '../storage/database.js'
import { bringUp, type Format } from '../storage/format.js'
import { backupFormat } from './backup-format.js'
import type { Paths } from './paths.js'

/**
 * A chat as it is at one moment, for reading: a folder, whether a server runs on it or not, or a backup. The tables of the
 * archive and of the log have their own names here, other than the log's `about`.
 */
export interface View {
  readonly database: Database
  /** What those who are told of a problem know the parts by. */
  readonly archiveFile: string
  readonly logFile: string
  readonly logAbout: string
  /** The databases of which it consists, by what SQLite calls them. */
  readonly parts: readonly (readonly [schema: string, file: string])[]
  close(): void
}

/** @throws {DataError} if there is no chat, or not one of this version */
export function viewFolder(paths: Paths): View {
  const database = openDatabase(':memory:', { readOnly: true, name: paths.folder })
  return opened(database, () => {
    attachFolder(database, paths)
    readTogether(database, paths)
    return {
      database,
      archiveFile: paths.archive,
      logFile: paths.log,
      logAbout: 'log.about',
      parts: [
        ['archive', paths.archive],
        ['log', paths.log],
      ],
    }
  })
}

/**
 * @param isToBeRead Whether its tables are read here, and not only copied.
 * @throws {DataError} if it is no backup, or not one of this version
 */
export function viewBackup(file: string, isToBeRead = true): View {
  if (!existsSync(file)) throw new DataError(`${file} is not there. Name a backup.`)
  const database = openDatabase(file, { readOnly: true })
  return opened(database, () => {
    checkFormat(database, 'main', file, backupFormat)
    const format = Number(scalar(database, "SELECT value FROM backup WHERE name = 'archive_format'"))
    if (isToBeRead && format < archiveFormat.steps.length)
      throw new DataError(
        `${file} is of format ${format}, from before this chatroom. "npx chatroom restore FILE" looks through it, and brings it to format ${archiveFormat.steps.length}.`,
      )
    database.exec('BEGIN')
    return { database, archiveFile: file, logFile: file, logAbout: 'log_about', parts: [['main', file]] }
  })
}

/** Puts the files of a folder beside what a connection has open, as `archive` and `log`. @throws {DataError} */
export function attachFolder(database: Database, paths: Paths): void {
  const { folder, archive, log } = paths
  if (!existsSync(archive) && !existsSync(log))
    throw new DataError(`CHATROOM_DATA is "${folder}", which holds no chat. Name the folder of one.`)
  for (const [schema, file, format] of [
    ['archive', archive, archiveFormat],
    ['log', log, logFormat],
  ] as const) {
    if (existsSync(file)) {
      database.prepare(`ATTACH ? AS ${schema}`).run(file)
      checkFormat(database, schema, file, format)
    } else if (schema === 'log' && isOfCluster(database)) attachNoLog(database)
    else throw new DataError(`${file} is missing. Bring back a backup with "npx chatroom restore FILE".`)
  }
}

/** Whether the archive is that of a node whose log is elsewhere: in a log of a folder, a cursor is a position. */
function isOfCluster(database: Database): boolean {
  const cursor = scalar(database, "SELECT value FROM archive.about WHERE name = 'cursor'")
  return cursor !== undefined && String(cursor) !== String(archivedPosition({ database }, 'archive.about'))
}

/** Puts a log in the place of one that is elsewhere: it ends where the archive does, and has nothing. */
function attachNoLog(database: Database): void {
  const folder = mkdtempSync(join(tmpdir(), 'chatroom-'))
  const file = join(folder, 'log.db')
  const epoch = scalar(database, "SELECT value FROM archive.about WHERE name = 'epoch'")
  const log = openDatabase(file)
  try {
    bringUp(log, file, logFormat)
    const set = log.prepare('UPDATE about SET value = ? WHERE name = ?')
    set.run(String(epoch), 'epoch')
    set.run(archivedPosition({ database }, 'archive.about'), 'base')
    log.exec('PRAGMA journal_mode = DELETE')
  } finally {
    log.close()
  }
  database.prepare('ATTACH ? AS log').run(file)
  // It is read once, so that it is open, and then nobody else needs its name.
  scalar(database, 'SELECT count(*) FROM log.log')
  rmSync(folder, { recursive: true, force: true })
}

/** Tries to find a moment at which the log goes on where the archive ends. */
const tries = 100

/**
 * Begins a transaction that reads archive and log as they are at one moment, as far as it matters: the log is committed
 * first, so it has what the archive has, and what is read of it later goes on where the archive ends. The one thing in
 * between can be that the log has dropped entries that a later archive has.
 */
export function readTogether(database: Database, { log }: Paths): void {
  for (let left = tries; ; left--) {
    database.exec('BEGIN')
    const position = archivedPosition({ database }, 'archive.about')
    const base = Number(scalar(database, "SELECT value FROM log.about WHERE name = 'base'"))
    const isElsewhere = !existsSync(log)
    if (isElsewhere ? base === position : base <= position) return
    database.exec('ROLLBACK')
    if (isElsewhere) {
      database.exec('DETACH log')
      attachNoLog(database)
    }
    if (left === 0)
      throw new DataError(
        `The log begins at entry ${base + 1}, but the archive ends at entry ${position}: what is between them is lost. Bring back a backup with "npx chatroom restore FILE".`,
      )
  }
}

/** The position that the archive has come to; 0 if nothing has been written. */
export const archivedPosition = (view: Pick<View, 'database'>, about = 'about'): number =>
  numberInServer(view, 'position', about)

/** The position up to which the log may not be kept, since what it says has been deleted; 0 if nothing has been. */
export const forgottenPosition = (view: Pick<View, 'database'>, about: string): number =>
  numberInServer(view, 'forgotten', about)

const numberInServer = (
  { database }: Pick<View, 'database'>,
  member: 'position' | 'forgotten',
  about: string,
): number =>
  Number(scalar(database, `SELECT json_extract(value, '$.${member}') FROM ${about} WHERE name = 'server'`) ?? 0)

/** The rows of the log. @throws {DataError} if one is not what was written */
export function* logRows(view: View): Generator<StoredGroup> {
  const chain = chainOfLog(view)
  let before = baseOfLog(view)
  for (const row of view.database.prepare('SELECT * FROM log ORDER BY first').iterate() as Iterable<StoredGroup>) {
    checkGroup(view.logFile, chain, row, before)
    before = row
    yield row
  }
}

export const chainOfLog = ({ database, logAbout }: View): string =>
  String(scalar(database, `SELECT value FROM ${logAbout} WHERE name = 'chain'`))

/** What the log's first row must follow on. */
export function baseOfLog({ database, logAbout }: View): Before {
  const about = (name: string): number => Number(scalar(database, `SELECT value FROM ${logAbout} WHERE name = ?`, name))
  return { first: about('base') + 1, count: 0, checksum: about('base_checksum') }
}

/** @throws {DataError} if the database is not of this format, in its present version */
function checkFormat(
  database: Database,
  schema: string,
  file: string,
  { applicationId, steps, readableFrom = steps.length }: Format,
): void {
  const version = Number(scalar(database, `PRAGMA ${schema}.user_version`))
  if (scalar(database, `PRAGMA ${schema}.application_id`) !== applicationId)
    throw new DataError(`${file} is not what a ChatRoom has written there. Name another one.`)
  if (version > steps.length)
    throw new DataError(
      `${file} has format ${version}, but this chatroom knows formats up to ${steps.length}: a newer one has written it. Use that one.`,
    )
  if (version < readableFrom)
    throw new DataError(
      `${file} has format ${version}, from before this chatroom: start the server once, which brings it to format ${steps.length}.`,
    )
}

function opened(database: Database, act: () => Omit<View, 'database' | 'close'>): View {
  const close = (): void => {
    database.close()
  }
  try {
    return { ...act(), database, close }
  } catch (error) {
    close()
    throw error
  }
}
