import type { Reader, Told } from './frame-reader.js'
import { beginsWith } from './frames.js'

const eventEnd = Buffer.from('\n\n')
const dataField = Buffer.from('data: ')

/** Reads Server-Sent Events (WHATWG HTML section 9.2.6) with one line of data each. */
export class EventReader implements Reader {
  /** An event that is not all there. */
  private begun: Buffer | undefined

  constructor(
    private readonly message: Buffer,
    private readonly told: Told,
  ) {}

  take(received: Buffer): number {
    const bytes = this.begun ? Buffer.concat([this.begun, received]) : received
    this.begun = undefined
    let count = 0
    for (let at = 0; at < bytes.length;) {
      const end = bytes.indexOf(eventEnd, at)
      if (end < 0) {
        // The bytes are overwritten by the next read.
        this.begun = Buffer.from(bytes.subarray(at))
        break
      }
      const field = bytes.indexOf(dataField, at)
      // A comment has no data.
      if (field >= 0 && field < end && this.isMessage(bytes, field + dataField.length, end)) count++
      at = end + eventEnd.length
    }
    return count
  }

  private isMessage(bytes: Buffer, data: number, end: number): boolean {
    if (beginsWith(bytes, data, this.message)) return true
    this.told.text(bytes.subarray(data, end))
    return false
  }
}
