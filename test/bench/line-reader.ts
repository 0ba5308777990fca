import { FrameReader, type Reader, type Told } from './frame-reader.js'
import { beginsWith } from './frames.js'

const lineEnd = '\n'.charCodeAt(0)
/** No text begins so, so every frame is looked at. */
const never = Buffer.from([0xff])

/** Reads frames in which there may be several messages, one a line. */
export class LineReader implements Reader, Told {
  private readonly frames = new FrameReader(never, this)
  private count = 0

  constructor(
    private readonly message: Buffer,
    private readonly told: Told,
  ) {}

  take(bytes: Buffer): number {
    this.count = 0
    this.frames.take(bytes)
    return this.count
  }

  text(payload: Buffer): void {
    for (let at = 0; at < payload.length;) {
      const found = payload.indexOf(lineEnd, at)
      const end = found < 0 ? payload.length : found
      if (beginsWith(payload, at, this.message)) this.count++
      else this.told.text(payload.subarray(at, end))
      at = end + 1
    }
  }

  ping(payload: Buffer): void {
    this.told.ping(payload)
  }

  ended(reason: string): void {
    this.told.ended(reason)
  }
}
