import { fixed } from './limits.js'

/**
 * The string formats of the contract. They are formats rather than patterns because the regular expressions of half
 * the languages that clients are generated for do not know `\p{L}`; to those a format is a note, and the server checks it.
 */

/** Returns what is wrong with the text, or undefined. */
type Check = (text: string) => string | undefined

const plainUsername = /^[a-z0-9._-](?:[a-z0-9._-]|[ ](?=[^ ]))*$/i
// RFC 8264 section 9.1: LetterDigits (Ll, Lu, Lo, Nd, Lm, Mn, Mc), less what is by default invisible.
const anyUsername = /^(?:[\p{L}\p{Nd}._-](?:[\p{L}\p{Nd}\p{M}._-]|[ ](?=[^ \p{M}]))*)$/u
const invisible = /\p{Default_Ignorable_Code_Point}/u

/** What every name has been since the first version; what is kept is held to it. */
export const nameProblem: Check = (text) => {
  if (plainUsername.test(text)) return undefined
  if (!text.isWellFormed()) return 'must not have an unpaired surrogate'
  if (text.normalize('NFC') !== text) return 'must be in Unicode normalization form C'
  if (anyUsername.test(text) && !invisible.test(text)) return undefined
  return 'must be letters and digits of any script, ".", "_", "-" and single spaces between them'
}

const tower = new RegExp(`\\p{M}{${fixed.marks + 1}}`, 'u')

const towerProblem: Check = (text) =>
  tower.test(text) ? `must not have more than ${fixed.marks} marks behind one letter` : undefined

const username: Check = (text) => nameProblem(text) ?? towerProblem(text)

// C0 and C1 controls other than newline and tab.
const control = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/
const visible = /[^\s\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/u

const line: Check = (text) => {
  if (!text.isWellFormed()) return 'must not have an unpaired surrogate'
  if (control.test(text)) return 'must not have control characters other than newline and tab'
  return undefined
}

const text: Check = (value) => {
  const problem = line(value)
  if (problem !== undefined) return problem
  if (!visible.test(value)) return 'must not be blank'
  return towerProblem(value)
}

/** The formats by the name that a schema gives them. */
export const formats = { username, text, 'well-formed': line } as const satisfies Record<string, Check>

export type Format = keyof typeof formats
