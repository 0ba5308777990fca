import type { Format } from './formats.js'

/** What stands in a name beside the space: not the controls, and of ASCII the letters, the digits, `.`, `_` and `-` alone. */
const inName = String.raw`[^\x00-\x2c\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\xa0]`
/** No control characters other than newline and tab. */
const plain = String.raw`[^\x00-\x08\x0b-\x1f\x7f-\x9f]`
/** Of those, what is not white space in ASCII. */
const visible = String.raw`[^\x00-\x20\x7f-\x9f]`

/**
 * What the documents show beside a format, for the tools that do not know ours. A pattern takes whatever the format takes, and
 * more: it is made of what the regular expressions of all languages have in common (escapes of two digits, no classes of
 * Unicode, no look-around), and each of them reads a text once.
 */
export const patterns: Readonly<Record<Format, string>> = {
  username: `^${inName}+( ${inName}+)*$`,
  text: String.raw`^[\x09\x0a\x20]*${visible}${plain}*$`,
  'well-formed': `^${plain}*$`,
}
