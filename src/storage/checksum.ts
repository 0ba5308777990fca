import { crc32 } from 'node:zlib'

/** CRC-32 of what is stored, part by part: SQLite has no checksums of its own, and would read a flipped bit as content. */
export function checksum(seed: number, ...parts: readonly (string | number | Uint8Array | null)[]): number {
  let sum = seed
  for (const part of parts) sum = crc32(part instanceof Uint8Array ? part : `${part} `, sum)
  return sum
}
