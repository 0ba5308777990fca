import type { Opening } from '../log.js'
import { parseCursor } from './cursor.js'
import { Origins } from './origins.js'

/** Where reading begins. */
export interface Start {
  /** The sequence of the first group that is read. */
  readonly sequence: number
  /** The position of the entry before those that are read. */
  readonly position: number
  /** Whose groups come before those that are applied. */
  readonly origins: Origins
  /** Entries of the first group that are counted already; undefined if none of it has been read. */
  readonly counted: number | undefined
  /** Entries up to this position have been applied by other means. */
  readonly applied: number
}

/** Where to read on after an entry. @throws {DataError} if its cursor is none */
export function startAfter(after: Opening['after'] = { position: 0 }): Start {
  const { position, cursor } = after
  // Without a cursor, all is counted.
  if (cursor === undefined)
    return { sequence: 1, position: 0, origins: Origins.none, counted: undefined, applied: position }
  const { sequence, index, origins } = parseCursor(cursor)
  if (index === undefined) return { sequence: sequence + 1, position, origins, counted: undefined, applied: position }
  return { sequence, position, origins, counted: index + 1, applied: position }
}
