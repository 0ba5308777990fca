import { RawConnection } from './raw-connection.js'

export const headEnd = Buffer.from('\r\n\r\n')
/** As Node.js and as Go write it. */
const lengthHeaders = ['\r\ncontent-length: ', '\r\nContent-Length: '].map((text) => Buffer.from(text))
const lengthHeaderLength = '\r\ncontent-length: '.length
const [digitZero, digitNine] = Buffer.from('09') as unknown as [number, number]
/** Where the first digit of the status is: `HTTP/1.1 200`. */
const statusAt = 9
const [success] = Buffer.from('2') as unknown as [number]

/** A connection that asks by HTTP and recognises the end of an answer, and does no more; one request is under way at most. */
export class Connection extends RawConnection {
  private head: Buffer | undefined
  private missing = 0

  static async open(port: number): Promise<Connection> {
    const connection = new Connection(port)
    await connection.opened()
    return connection
  }

  /** Sends, and waits for the answer. */
  exchange(request: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.answered = resolve
      this.watch(reject)
      this.send(request)
    })
  }

  protected take(bytes: Buffer): void {
    if (this.missing > 0) this.missing -= bytes.length
    else if (!this.takeHead(this.head ? Buffer.concat([this.head, bytes]) : bytes)) return
    if (this.missing === 0) this.answered()
  }

  /** @returns whether the head is complete. */
  private takeHead(bytes: Buffer): boolean {
    const end = bytes.indexOf(headEnd)
    // The bytes are overwritten by the next read.
    this.head = end < 0 ? Buffer.from(bytes) : undefined
    if (end < 0) return false
    if (bytes[statusAt] !== success) this.fail(new Error(`the server answers ${bytes.toString()}`))
    this.missing = end + headEnd.length + bodyLength(bytes) - bytes.length
    return true
  }
}

/** Content-Length: answers of other forms are not measured. */
function bodyLength(bytes: Buffer): number {
  let length = 0
  const [lower, upper] = lengthHeaders.map((header) => bytes.indexOf(header)) as [number, number]
  let position = Math.max(lower, upper) + lengthHeaderLength
  for (let byte = bytes[position]; byte !== undefined; byte = bytes[++position]) {
    if (byte < digitZero || byte > digitNine) break
    length = length * 10 + byte - digitZero
  }
  return length
}
