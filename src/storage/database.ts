import { closeSync, openSync } from 'node:fs'
import { DataError } from '../base/data-error.js'
import { engineNames, engines, load, type Engine } from './engines.js'
import { translated } from './sqlite-errors.js'

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

interface Options {
  readonly readOnly?: boolean
  /** The first that is there, unless said otherwise. */
  readonly engine?: Engine | undefined
  /** How long to wait for another process that holds the file for a moment, in ms; {@link patience} unless said otherwise. */
  readonly timeout?: number
  /** What errors call it, where it is not the file alone. */
  readonly name?: string
}

/** How long to wait for another process, in ms. */
export const patience = 5000

/** @throws {DataError} if the file cannot be opened or is no database */
export function openDatabase(
  file: string,
  { readOnly = false, engine, timeout = patience, name = file }: Options = {},
): Database {
  const [chosen = engineNames[1]] = engine ? [engine] : engines()
  const DatabaseSync = load(chosen)
  if (!DatabaseSync)
    throw new DataError(
      `There is no SQLite: this is Node.js ${process.versions.node}, and the package ${engineNames[1]} is not installed or has nothing for this system. Take Node.js 24 or later, or set CHATROOM_DATA=:memory: to keep nothing.`,
    )
  if (!readOnly) makePrivate(file)
  const database = translating(name, () => new DatabaseSync(file, { readOnly, timeout }))
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

/** Lets its owner alone read the file, if there is none yet; those that SQLite makes beside it are as it is. */
function makePrivate(file: string): void {
  try {
    if (file !== ':memory:') closeSync(openSync(file, 'wx', 0o600))
  } catch {
    // It is there, or else SQLite says what is wrong.
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
