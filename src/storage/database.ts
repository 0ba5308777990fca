import { createRequire } from 'node:module'
import { damaged, DataError } from './data-error.js'

export type Value = null | number | string | Uint8Array

export interface Statement {
  run(...values: Value[]): { changes: number | bigint }
  get(...values: Value[]): object | undefined
  all(...values: Value[]): object[]
  iterate(...values: Value[]): Iterable<object>
}

/** What both engines offer: SQLite, synchronously, on the thread that asks. */
export interface Database {
  exec(sql: string): void
  prepare(sql: string): Statement
  close(): void
}

/** `node:sqlite` comes with Node.js from 22.13 on; the other is the same for those before, built into its package. */
export const engineNames = ['node:sqlite', '@photostructure/sqlite'] as const
export type Engine = (typeof engineNames)[number]

interface Options {
  readonly readOnly?: boolean
  /** The first that is there, unless said otherwise. */
  readonly engine?: Engine | undefined
  /** How long to wait for another process that holds the file for a moment, in ms. */
  readonly patience?: number
  /** What errors call it, where it is not the file alone. */
  readonly name?: string
}

type DatabaseClass = new (file: string, options: { readOnly: boolean; timeout: number }) => Database

/**
 * Result codes of SQLite (sqlite.org/rescode.html) that say that a file is not what it was. Errors in SQL, of constraints and
 * of types are among them: the statements are always the same, so it is their tables that have changed.
 */
const corrupt = new Set([11, 26, 1, 19, 20])
const ioError = 10
const full = 13
const cannotOpen = 14
const readOnly = 8
/** What the engine of the package says without a code when it has read some rows and cannot read the next. */
const results: ReadonlyMap<string, number> = new Map([
  ['database disk image is malformed', 11],
  ['file is not a database', 26],
  ['disk I/O error', ioError],
])

interface SqliteError {
  readonly errcode?: number
  readonly code?: string
  readonly message: string
}

/** The engines that this Node.js has. */
export const engines = (): Engine[] => engineNames.filter((engine) => load(engine) !== undefined)

/** @throws {DataError} if the file cannot be opened or is no database */
export function openDatabase(
  file: string,
  { readOnly = false, engine, patience = 5000, name = file }: Options = {},
): Database {
  const [chosen = engineNames[1]] = engine ? [engine] : engines()
  const DatabaseSync = load(chosen)
  if (!DatabaseSync)
    throw new DataError(
      `There is no SQLite: this is Node.js ${process.versions.node}, and the package ${engineNames[1]} is not installed or has nothing for this system. Take Node.js 24 or later, or set CHATROOM_DATA=:memory: to keep nothing.`,
    )
  const database = translating(name, () => new DatabaseSync(file, { readOnly, timeout: patience }))
  return {
    exec: (sql) => {
      translating(name, () => {
        database.exec(sql)
      })
    },
    prepare: (sql) =>
      statement(
        name,
        translating(name, () => database.prepare(sql)),
      ),
    close: () => {
      database.close()
    },
  }
}

/** Runs the steps as one transaction: all of them, or none. */
export function transaction<T>(database: Database, steps: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = steps()
    database.exec('COMMIT')
    return result
  } catch (error) {
    try {
      database.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
    throw error
  }
}

/** A value that a query gives in a single row and column. */
export function scalar(database: Database, sql: string, ...values: Value[]): Value | undefined {
  const row = database.prepare(sql).get(...values)
  return row && (Object.values(row)[0] as Value)
}

/** Pages that stay free for the next rows. */
const sparePages = 2048
/** Pages that are given back at once: it takes time to move those behind them. */
const releasedPages = 1000

/** Gives space that deletions have left back to the file system, some of it at a time. */
export function releaseSpace(database: Database): void {
  const free = Number(scalar(database, 'PRAGMA freelist_count')) - sparePages
  if (free > 0) database.exec(`PRAGMA incremental_vacuum(${Math.min(free, releasedPages)})`)
}

function statement(file: string, prepared: Statement): Statement {
  return {
    run: (...values) => translating(file, () => prepared.run(...values)),
    get: (...values) => translating(file, () => prepared.get(...values)),
    all: (...values) => translating(file, () => prepared.all(...values)),
    *iterate(...values) {
      try {
        yield* prepared.iterate(...values)
      } catch (error) {
        throw translated(file, error)
      }
    },
  }
}

function translating<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw translated(file, error)
  }
}

function translated(file: string, error: unknown): unknown {
  const { code, message } = error as SqliteError
  // No number that is written is so large.
  if (code === 'ERR_OUT_OF_RANGE') return damaged(file, message)
  const result = resultOf(error as SqliteError)
  if (corrupt.has(result)) return damaged(file, message)
  if (result === cannotOpen || result === readOnly)
    return new DataError(`${file} cannot be opened for writing: ${message}. Let this user write there.`)
  if (result === full) return new DataError(`${file} cannot be written: ${message}. Make room on that disk.`)
  if (result === ioError)
    return new DataError(`${file} cannot be read or written: ${message}. Look at that disk, and at the system's log.`)
  return error
}

function resultOf({ errcode, message }: SqliteError): number {
  // The low byte is the result, the others say more of it.
  if (errcode !== undefined) return errcode & 0xff
  return results.get(message) ?? 0
}

const loaded = new Map<Engine, DatabaseClass | undefined>()

function load(engine: Engine): DatabaseClass | undefined {
  if (!loaded.has(engine)) loaded.set(engine, required(engine))
  return loaded.get(engine)
}

function required(engine: Engine): DatabaseClass | undefined {
  // That node:sqlite is experimental is no news to those who start a server.
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => undefined
  try {
    return (createRequire(import.meta.url)(engine) as { DatabaseSync: DatabaseClass }).DatabaseSync
  } catch {
    return undefined
  } finally {
    process.emitWarning = emitWarning
  }
}
