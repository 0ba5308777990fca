import type { Entry, Payload, Writer } from './log.js'
import { PlacedEntry } from './placed-entry.js'

/** An entry that has no place yet. */
export interface Draft {
  readonly at: number
  readonly id: string
  readonly payload: Payload
}

/**
 * How the entries of a group are stored together. Numbers are big-endian.
 *
 * | bytes | what |
 * |---|---|
 * | 1 | {@link form} |
 * | 2 | the writer's vocabulary |
 * | 1, n | length and text of the writer's program |
 * | and for each entry: | |
 * | 8 | its time, as a double |
 * | 1, n | length and text of its id |
 * | 4, n | length and bytes of its payload |
 *
 * Up to format 2 of the log it was a JSON array of `[at, payload]`, whose first byte is another.
 */
const form = 3
const olderForm = '['.charCodeAt(0)

const olderWriter: Writer = { vocabulary: 0, program: '0.2.0 or before' }

/** What an entry takes of its group, in bytes. */
export const sizeOf = ({ id, payload }: Draft): number => 13 + Buffer.byteLength(id) + payload.bytes.length

export function encodeGroup({ vocabulary, program }: Writer, drafts: readonly Draft[]): Uint8Array {
  let sizeBytes = 4 + Buffer.byteLength(program)
  for (const draft of drafts) sizeBytes += sizeOf(draft)
  // Not of Node's pool: all of that would be copied to another thread.
  const bytes = Buffer.allocUnsafeSlow(sizeBytes)
  let offset = bytes.writeUInt8(form)
  offset = bytes.writeUInt16BE(vocabulary, offset)
  offset = writeText(bytes, program, offset)
  for (const { at, id, payload } of drafts) {
    offset = bytes.writeDoubleBE(at, offset)
    offset = writeText(bytes, id, offset)
    offset = bytes.writeUInt32BE(payload.bytes.length, offset)
    bytes.set(payload.bytes, offset)
    offset += payload.bytes.length
  }
  return bytes
}

/** The entries of a group. @param first The position of the first. */
export function decodeGroup(first: number, stored: Uint8Array): Entry[] {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.length)
  if (bytes[0] === olderForm) return decodeOlder(first, bytes)
  const reader = new Reader(bytes)
  const found = reader.number(1)
  if (found !== form) throw new Error(`Entry ${first} has the form ${found}, which nobody has given it.`)
  const writer: Writer = { vocabulary: reader.number(2), program: reader.text() }
  const entries: Entry[] = []
  for (let position = first; !reader.atEnd; position++)
    entries.push(
      new PlacedEntry(position, reader.double(), reader.text(), writer, { bytes: reader.bytesOf(reader.number(4)) }),
    )
  return entries
}

function decodeOlder(first: number, bytes: Buffer): Entry[] {
  const all = JSON.parse(bytes.toString()) as [at: number, payload: unknown][]
  return all.map(([at, payload], index) => {
    const position = first + index
    return new PlacedEntry(position, at, `@${position}`, olderWriter, { bytes: Buffer.from(JSON.stringify(payload)) })
  })
}

function writeText(bytes: Buffer, text: string, offset: number): number {
  const length = bytes.write(text, offset + 1)
  bytes.writeUInt8(length, offset)
  return offset + 1 + length
}

/** Reads one thing after the other. */
class Reader {
  private offset = 0

  constructor(private readonly bytes: Buffer) {}

  get atEnd(): boolean {
    return this.offset >= this.bytes.length
  }

  number(sizeBytes: number): number {
    this.offset += sizeBytes
    return this.bytes.readUIntBE(this.offset - sizeBytes, sizeBytes)
  }

  double(): number {
    this.offset += 8
    return this.bytes.readDoubleBE(this.offset - 8)
  }

  text(): string {
    const length = this.number(1)
    this.offset += length
    return this.bytes.toString('utf8', this.offset - length, this.offset)
  }

  bytesOf(length: number): Uint8Array {
    this.offset += length
    return this.bytes.subarray(this.offset - length, this.offset)
  }
}
