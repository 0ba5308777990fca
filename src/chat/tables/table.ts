import type { TObject } from '@sinclair/typebox'
import type { ServerRecord } from '../../../schemas/rows.js'

/** That a member of a row names a row of another table, which must be there. */
interface Reference {
  readonly member: string
  readonly table: string
}

/** Of a table that is in memory in part: which of its rows are. The others are in the archive alone. */
interface Part {
  /** The member, a whole number, by which rows are sorted. */
  readonly sort: string
  /** Those behind this number are in memory. */
  floor(newestMessage: number): number
  /** When a row was made, in ms since the epoch, … */
  readonly madeAt: string
  /** … and for how long it is kept from then on, in ms, at least. */
  readonly keptMs: number
}

/** Holds the rows of a table to each other, and to what is said of all, as they come. */
export interface RowRules<Row> {
  /** What is wrong with a row. */
  problems(row: Row): readonly string[]
  /** What is wrong with all of them; each is of one row, that is named. */
  atEnd?(): readonly string[]
}

/**
 * A kind of fact that is kept. It is declared here once: archive, restart, backup, export, import and verify go through the
 * list of tables and know none of them by name.
 *
 * A row is what is kept: an object of JSON. A thing is what the state has of it in memory.
 */
export interface Table<Thing extends object = object, Row extends object = object> {
  readonly name: string
  /** What a person calls a row. */
  readonly noun: string
  readonly schema: TObject
  /** The members by which a row is known in its table. */
  readonly key: readonly string[]
  readonly refersTo: readonly Reference[]
  /** Without it, all of it is in memory: then there are `count` and `things`. */
  readonly part?: Part
  /** How many rows there are. */
  readonly count?: number
  /** What a row must be besides, that came from elsewhere. */
  rules?(server: ServerRecord): RowRules<Row>
  rowOf(thing: Thing): Row
  /** Puts a row back as it was. Rows come in the order in which they were put first. */
  load(row: Row): void
  /** Called when all rows of all tables are back. */
  loaded?(): void
  things?(): Iterable<Thing>
}

/** What a row is known by in its table. */
export const keyIn = (table: Pick<Table, 'key'>, row: object): string =>
  table.key.map((member) => String((row as Record<string, unknown>)[member])).join(' ')

/** A row that is new, another, or gone. */
export interface Change {
  readonly table: Table
  readonly thing: object
  readonly isGone: boolean
}

/** What an entry changes, row by row, in order. */
export class ChangeList {
  private changes: Change[] = []

  /** A thing is new, or not as it was. */
  put(table: Table, thing: object): void {
    this.changes.push({ table, thing, isGone: false })
  }

  remove(table: Table, thing: object): void {
    this.changes.push({ table, thing, isGone: true })
  }

  /** All since it was asked for last. */
  take(): readonly Change[] {
    const { changes } = this
    this.changes = []
    return changes
  }
}

/** Those of some changes that are of one table. */
export const changesOf = <Thing extends object>(
  changes: readonly Change[],
  table: Table<Thing>,
): { readonly thing: Thing; readonly isGone: boolean }[] =>
  changes.filter((change): change is Change & { readonly thing: Thing } => change.table === table)
