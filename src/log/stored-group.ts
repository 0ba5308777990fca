import { checksum } from '../storage/checksum.js'
import { damaged } from '../base/data-error.js'

/** A group of entries as it is stored. */
export interface StoredGroup {
  /** The position of its first entry. */
  readonly first: number
  readonly count: number
  readonly at: number
  readonly entries: Uint8Array
  /** The checksum of the row before. */
  readonly before: number
  readonly checksum: number
}

/** What a row must follow on: the row before, or what the log says of it when it has been dropped. */
export type Before = Pick<StoredGroup, 'first' | 'count' | 'checksum'>

/** The checksum of a row, which takes in that of the row before. @param chain A random text of the log. */
export const groupSum = (chain: string, { before, first, count, at, entries }: Omit<StoredGroup, 'checksum'>): number =>
  checksum(before, chain, first, count, at, entries)

/** @throws {DataError} if the row is not what was written, another log's, or not the next after the one before */
export function checkGroup(file: string, chain: string, row: StoredGroup, before: Before): void {
  const { first, count } = row
  if (first !== before.first + before.count)
    throw damaged(file, `entries ${before.first + before.count} to ${first - 1} are missing`)
  if (row.before !== before.checksum || groupSum(chain, row) !== row.checksum)
    throw damaged(file, `entries ${first} to ${first + count - 1} are not what was written`)
}
