import { randomBytes } from 'node:crypto'

/** Gives ids that no other process gives: a random part for the process, then a count. */
export function requestIds(): () => string {
  const process = randomBytes(6).toString('base64url')
  let count = 0
  return () => `${process}-${(++count).toString(36)}`
}
