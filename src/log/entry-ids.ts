import { randomBytes } from 'node:crypto'

/** Gives ids that nobody else gives: a random beginning, then a count. */
export function entryIds(): () => string {
  const origin = randomBytes(8).toString('base64url')
  let count = 0
  return () => `${origin}.${count++}`
}
