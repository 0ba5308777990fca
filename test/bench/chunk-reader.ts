import type { Reader, Told } from './frame-reader.js'

const lineEnd = Buffer.from('\r\n')

/** Takes the chunks of a body apart (RFC 9112 section 7.1), and has another one read what is in them. */
export class ChunkReader implements Reader {
  /** Bytes of a chunk that are still to come. */
  private missing = 0
  /** A size that is not all there. */
  private begun: Buffer | undefined

  constructor(
    private readonly body: Reader,
    private readonly told: Told,
  ) {}

  take(received: Buffer): number {
    const bytes = this.begun ? Buffer.concat([this.begun, received]) : received
    this.begun = undefined
    let count = 0
    for (let at = 0; at < bytes.length;) {
      if (this.missing === 0) {
        const after = this.takeSize(bytes, at)
        if (after === undefined) break
        at = after
      }
      const part = bytes.subarray(at, at + this.missing)
      count += this.body.take(part)
      this.missing -= part.length
      at += part.length
    }
    return count
  }

  /** @returns where the chunk begins; undefined if its size is not all there, or if there is no further chunk */
  private takeSize(bytes: Buffer, at: number): number | undefined {
    // The first chunk has none before it whose end would come first.
    const begin = bytes[at] === lineEnd[0] ? at + lineEnd.length : at
    const end = bytes.indexOf(lineEnd, begin)
    if (end < 0) {
      // The bytes are overwritten by the next read.
      this.begun = Buffer.from(bytes.subarray(at))
      return undefined
    }
    this.missing = Number.parseInt(bytes.toString('latin1', begin, end), 16)
    if (this.missing > 0) return end + lineEnd.length
    this.told.ended('the server ends the stream')
    return undefined
  }
}
