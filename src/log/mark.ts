import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import { checksum } from '../storage/checksum.js'
import { damaged } from '../base/data-error.js'

const length = 32

/**
 * The last position that was committed, in a file of its own: it tells when a log has lost its end, which SQLite takes for
 * one that was never written.
 */
export class Mark {
  /** The position that the file had; undefined if there was none. */
  readonly found: number | undefined
  private readonly descriptor: number

  /** @throws {DataError} if the file holds something else */
  constructor(file: string) {
    this.found = readMark(file)
    this.descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  }

  write(position: number): void {
    try {
      writeSync(this.descriptor, markText(position), 0)
    } catch {
      // What was committed is committed; the mark is behind, and so it misses less.
    }
  }

  close(): void {
    closeSync(this.descriptor)
  }
}

/** What the file holds when the log has committed up to a position; always as long, so that it is written in place. */
export const markText = (position: number): string => `${position} ${checksum(0, position)}`.padEnd(length)

/** The position up to which the log has committed; undefined if there is no mark. @throws {DataError} */
export function readMark(file: string): number | undefined {
  // After a power cut a file system may give back zeros.
  const text = textOf(file).replaceAll('\0', '').trim()
  if (text === '') return undefined
  const [position, sum] = text.split(' ').map(Number)
  if (position === undefined || sum !== checksum(0, position))
    throw damaged(file, 'it does not hold the position of a commit')
  return position
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
