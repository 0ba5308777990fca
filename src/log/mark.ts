import { readFileSync } from 'node:fs'
import { checksum } from '../storage/checksum.js'
import { damaged } from '../storage/data-error.js'

const length = 32

/** What the mark holds when the log has committed up to a position; always as long, so that it is written in place. */
export const markText = (position: number): string => `${position} ${checksum(0, position)}`.padEnd(length)

/** The position up to which the log has committed; undefined if there is no mark. @throws {DataError} */
export function readMark(file: string): number | undefined {
  const text = textOf(file).trim()
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
