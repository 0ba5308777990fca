import { connect, type Socket } from 'node:net'

/** All sockets read into the same bytes: what is read is looked at before the next read. */
const received = Buffer.allocUnsafe(65_536)

/**
 * A socket that sends ready bytes and looks at what comes back as it lies in the one buffer: a client of the usual kind
 * would take longer than the server that it measures.
 */
export abstract class RawConnection {
  /** Called with each answer that is complete. */
  answered: () => void = () => undefined

  private failed: (error: Error) => void = () => undefined
  private readonly socket: Socket
  private closed = false
  private broken: Error | undefined

  protected constructor(port: number) {
    const onread = {
      buffer: received,
      callback: (count: number, bytes: Uint8Array) => {
        this.take(Buffer.from(bytes.buffer, bytes.byteOffset, count))
        return true
      },
    }
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, onread })
    this.socket.on('error', (error) => {
      this.fail(error)
    })
    this.socket.on('close', () => {
      this.fail(new Error('the server has closed a connection'))
    })
  }

  /** Who is told when it breaks or an answer is no success; at once if that was while nobody waited for anything. */
  watch(failed: (error: Error) => void): void {
    this.failed = failed
    if (this.broken) failed(this.broken)
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes)
  }

  /** Resets rather than closes, or ten thousand ports would wait for a minute before they can be used again. */
  close(): void {
    this.closed = true
    this.socket.resetAndDestroy()
  }

  /** @param bytes overwritten by the next read */
  protected abstract take(bytes: Buffer): void

  protected fail(error: Error): void {
    this.broken ??= error
    if (!this.closed) this.failed(this.broken)
  }

  protected opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('connect', resolve)
      this.watch(reject)
    })
  }
}
