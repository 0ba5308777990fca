import { connect, type Socket } from 'node:net'

const headEnd = Buffer.from('\r\n\r\n')
const lengthHeader = Buffer.from('\r\ncontent-length: ')
const [digitZero, digitNine] = Buffer.from('09') as unknown as [number, number]
/** Where the first digit of the status is: `HTTP/1.1 200`. */
const statusAt = 9
const [success] = Buffer.from('2') as unknown as [number]

/** All sockets read into the same bytes: what is read is looked at before the next read. */
const received = Buffer.allocUnsafe(65_536)

/**
 * A connection that sends ready bytes and recognises the end of an answer, and does no more: a client that parses HTTP
 * would take longer than the server that it measures. There is one request under way at most.
 */
export class Connection {
  /** Called with each answer that is complete. */
  answered: (connection: Connection) => void = () => undefined
  /** Called when it breaks, or when an answer is no success. */
  failed: (error: Error) => void = () => undefined

  private readonly socket: Socket
  private readonly opened: Promise<void>
  private head: Buffer | undefined
  private missing = 0
  private closed = false

  private constructor(port: number) {
    const onread = {
      buffer: received,
      callback: (count: number, bytes: Uint8Array) => {
        this.take(Buffer.from(bytes.buffer, bytes.byteOffset, count))
        return true
      },
    }
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, onread })
    this.opened = new Promise((resolve, reject) => {
      this.socket.once('connect', resolve)
      this.socket.on('error', (error) => {
        reject(error)
        this.fail(error)
      })
    })
    this.socket.on('close', () => {
      this.fail(new Error('the server has closed a connection'))
    })
  }

  static async open(port: number): Promise<Connection> {
    const connection = new Connection(port)
    await connection.opened
    return connection
  }

  send(request: Buffer): void {
    this.socket.write(request)
  }

  /** Sends, and waits for the answer. */
  exchange(request: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.answered = () => {
        resolve()
      }
      this.failed = reject
      this.send(request)
    })
  }

  /** Resets rather than closes, or ten thousand ports would wait for a minute before they can be used again. */
  close(): void {
    this.closed = true
    this.socket.resetAndDestroy()
  }

  private fail(error: Error): void {
    if (!this.closed) this.failed(error)
  }

  private take(bytes: Buffer): void {
    if (this.missing > 0) this.missing -= bytes.length
    else if (!this.takeHead(this.head ? Buffer.concat([this.head, bytes]) : bytes)) return
    if (this.missing === 0) this.answered(this)
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

/** Content-Length as Fastify writes it: answers of other forms are not measured. */
function bodyLength(bytes: Buffer): number {
  let length = 0
  let position = bytes.indexOf(lengthHeader) + lengthHeader.length
  for (let byte = bytes[position]; byte !== undefined; byte = bytes[++position]) {
    if (byte < digitZero || byte > digitNine) break
    length = length * 10 + byte - digitZero
  }
  return length
}
