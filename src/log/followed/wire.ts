/**
 * What the owner of a log and those who follow it say to each other. Each message begins with a byte that says what it is;
 * numbers are doubles, big-endian, which hold every position.
 *
 * | from | what | behind it |
 * |---|---|---|
 * | follower | follow | the position behind which it wants all entries |
 * | follower | append | the length of an id (1 byte), the id, a payload |
 * | follower | applied | the position up to which it has applied all |
 * | follower | ask | |
 * | owner | welcome | the newest position, 1 if it can be written, the epoch |
 * | owner | live | the newest position: all up to it has been given, and what comes now is new |
 * | owner | gone | what comes after the position is not there any more |
 * | owner | group | the newest position, the position of its first entry, a group as `encodeGroup` makes it |
 * | owner | settled | the position up to which all who keep pace have applied all |
 * | owner | refused | 1 if it may be in the log all the same, the id of a payload |
 * | owner | available | 1 if it can be written |
 * | owner | newest | the newest position, for who has asked |
 */
export const kinds = {
  follow: 1,
  append: 2,
  applied: 3,
  ask: 4,
  welcome: 11,
  group: 12,
  settled: 13,
  refused: 14,
  available: 15,
  live: 16,
  gone: 17,
  newest: 18,
} as const

type Kind = (typeof kinds)[keyof typeof kinds]

const numberBytes = 8

/** The beginning of a message. */
export function message(kind: Kind, ...numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(1 + numbers.length * numberBytes)
  let offset = bytes.writeUInt8(kind)
  for (const number of numbers) offset = bytes.writeDoubleBE(number, offset)
  return bytes
}

/** A number of a message, from 0. */
export const numberOf = (bytes: Buffer, index = 0): number => bytes.readDoubleBE(1 + index * numberBytes)

/** What stands behind so many numbers. */
export const restOf = (bytes: Buffer, numbers = 0): Buffer => bytes.subarray(1 + numbers * numberBytes)

/** Begins a message that carries a payload. */
export function appendMessage(id: string): Buffer {
  const bytes = Buffer.allocUnsafe(2 + Buffer.byteLength(id))
  bytes.writeUInt8(kinds.append)
  bytes.writeUInt8(bytes.write(id, 2), 1)
  return bytes
}

export function readAppend(bytes: Buffer): { id: string; payload: Buffer } {
  const end = 2 + bytes.readUInt8(1)
  return { id: bytes.toString('utf8', 2, end), payload: bytes.subarray(end) }
}
