import { beginsWith, opcodes } from './frames.js'

/** Counts the messages in what a server sends, and gives on what is none. */
export interface Reader {
  /** @returns how many messages have begun in these bytes */
  take(bytes: Buffer): number
}

/** Who is told what is no message. */
export interface Told {
  text(payload: Buffer): void
  ping(payload: Buffer): void
  /** The server ends it. */
  ended(reason: string): void
}

/** Reads the frames of a server: of a message the header and the beginning alone, of others all. */
export class FrameReader implements Reader {
  /** Bytes of a message that are still to come. */
  private missing = 0
  /** A frame that is not there as far as it is looked at. */
  private begun: Buffer | undefined

  constructor(
    private readonly message: Buffer,
    private readonly told: Told,
  ) {}

  take(received: Buffer): number {
    const bytes = this.begun ? Buffer.concat([this.begun, received]) : received
    this.begun = undefined
    let count = 0
    let at = this.missing
    while (at < bytes.length) {
      const payload = payloadOf(bytes, at)
      const end = payload === undefined ? Infinity : payload + payloadLength(bytes, at)
      if (payload !== undefined && this.isMessage(bytes, at, payload, end)) count++
      else if (end <= bytes.length) this.tell((bytes[at] ?? 0) & 0x0f, bytes.subarray(payload, end))
      else {
        // The bytes are overwritten by the next read.
        this.begun = Buffer.from(bytes.subarray(at))
        break
      }
      at = end
    }
    this.missing = this.begun ? 0 : at - bytes.length
    return count
  }

  private isMessage(bytes: Buffer, at: number, payload: number, end: number): boolean {
    const { length } = this.message
    return (
      ((bytes[at] ?? 0) & 0x0f) === opcodes.text && payload + length <= end && beginsWith(bytes, payload, this.message)
    )
  }

  private tell(opcode: number, payload: Buffer): void {
    if (opcode === opcodes.text) this.told.text(payload)
    else if (opcode === opcodes.ping) this.told.ping(payload)
    else if (opcode === opcodes.close) {
      const code = payload.length < 2 ? 'no code' : payload.readUInt16BE(0)
      this.told.ended(`the server closes with ${code} ${payload.toString('utf8', 2)}`)
    } else if (opcode !== opcodes.pong) this.told.ended(`the server sends a frame of opcode ${opcode}`)
  }
}

/** Where the payload of the frame begins; undefined if its header is not all there. */
function payloadOf(bytes: Buffer, at: number): number | undefined {
  if (at + 1 >= bytes.length) return undefined
  const short = bytes[at + 1] ?? 0
  const payload = at + (short < 126 ? 2 : short === 126 ? 4 : 10)
  return payload <= bytes.length ? payload : undefined
}

/** Frames of a server are not masked, so the length has the byte to itself. */
function payloadLength(bytes: Buffer, at: number): number {
  const short = bytes[at + 1] ?? 0
  if (short < 126) return short
  return short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
}
