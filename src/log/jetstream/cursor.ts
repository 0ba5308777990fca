import { DataError } from '../../base/data-error.js'
import { Origins } from './origins.js'

/** Where an entry lies in a stream, and what must be known to read on after it. */
export interface Cursor {
  /** The sequence of its group. */
  readonly sequence: number
  /** Its index in the group; undefined if it is the last. */
  readonly index: number | undefined
  /** Whose groups have been read, that one included. */
  readonly origins: Origins
}

/** The text of a cursor: `SEQUENCE`, `SEQUENCE.INDEX`, either with `;` and the origins behind it. */
export const cursorText = ({ sequence, index, origins }: Cursor): string =>
  `${sequence}${index === undefined ? '' : `.${index}`}${origins.isEmpty ? '' : `;${origins.text}`}`

/** @throws {DataError} if it is none */
export function parseCursor(text: string): Cursor {
  const [, sequence, index, origins] = /^(\d+)(?:\.(\d+))?(?:;(.+))?$/.exec(text) ?? []
  if (sequence === undefined)
    throw new DataError(`"${text}" is not a place in a stream. It was written by another kind of log, or is damaged.`)
  return {
    sequence: Number(sequence),
    index: index === undefined ? undefined : Number(index),
    origins: Origins.from(origins ?? ''),
  }
}
