import { crc32 } from 'node:zlib'

/** CRC-32 of what is stored, part by part: SQLite has no checksums of its own, and would read a flipped bit as content. */
export function checksum(seed: number, ...parts: readonly (string | number | Uint8Array | null)[]): number {
  let sum = seed
  // Texts go together: a call costs more than what it sums up.
  let text = ''
  for (const part of parts) {
    if (!(part instanceof Uint8Array)) {
      text += `${part} `
      continue
    }
    if (text !== '') sum = crc32(text, sum)
    text = ''
    // Nothing at all would begin anew: zlib takes its null pointer for the start.
    if (part.length > 0) sum = crc32(part, sum)
  }
  return text === '' ? sum : crc32(text, sum)
}
