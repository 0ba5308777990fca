import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A frame as it came from the server (RFC 6455 section 5.2). */
export interface Frame {
  readonly opcode: number
  readonly isCompressed: boolean
  readonly payload: Buffer
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Record<string, unknown>
}

const headEnd = '\r\n\r\n'
const closeOpcode = 8
const mediumLength = 126
const longLength = 127

/** A connection that says what a library would not, and sees each byte that comes. It ends with the test. */
export class RawClient {
  /** What has come, and has not been taken yet. */
  private bytes: Buffer = Buffer.alloc(0)
  /** Whether the server has ended it. */
  isClosed = false
  /** Whether the server has broken it off: what it said last may be lost on the way then. */
  isReset = false

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.bytes = Buffer.concat([this.bytes, chunk])))
    for (const end of ['end', 'close']) socket.on(end, () => (this.isClosed = true))
    socket.on('error', () => (this.isReset = true))
  }

  /** @param bytes What it says first. */
  static async open(t: Test, url: string, bytes: string | Buffer = ''): Promise<RawClient> {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true })
    t.teardown(() => socket.destroy())
    await once(socket, 'connect')
    const client = new RawClient(socket)
    client.write(bytes)
    return client
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes)
  }

  /** The head of an answer. */
  async head(): Promise<string> {
    const end = await this.when(() => nonNegative(this.bytes.indexOf(headEnd)))
    return this.take(end + headEnd.length).toString('latin1')
  }

  /** An answer with a body that is JSON, as long as its head says; that to HEAD has none. */
  async answer({ hasBody = true } = {}): Promise<HttpAnswer> {
    const [first = '', ...lines] = (await this.head()).trimEnd().split('\r\n')
    const headers = Object.fromEntries(lines.map((line) => splitHeader(line)))
    const length = hasBody ? Number(headers['content-length'] ?? 0) : 0
    await this.when(() => this.bytes.length >= length || undefined)
    const text = this.take(length).toString()
    return {
      status: Number(first.split(' ')[1]),
      headers,
      body: text === '' ? {} : (JSON.parse(text) as HttpAnswer['body']),
    }
  }

  /** Text of the stream, up to where a pattern ends. */
  async text(pattern: RegExp): Promise<string> {
    const found = await this.when(() => pattern.exec(this.bytes.toString('latin1')) ?? undefined)
    return this.take(found.index + found[0].length).toString('latin1')
  }

  /** The next frame. */
  async frame(): Promise<Frame> {
    const { headLength, length } = await this.when(() => measure(this.bytes))
    const [first = 0] = this.take(headLength)
    return { opcode: first & 0x0f, isCompressed: (first & 0x40) !== 0, payload: this.take(length) }
  }

  /** The next event or answer. */
  async json(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.frame()).payload.toString()) as Record<string, unknown>
  }

  /** The code with which the server closes; undefined if the connection breaks without one. */
  async closeCode(): Promise<number | undefined> {
    for (;;) {
      const frame = await this.frame().catch(() => undefined)
      if (!frame) return undefined
      if (frame.opcode === closeOpcode) return frame.payload.readUInt16BE(0)
    }
  }

  /** Waits until the server has ended it. */
  async closed(): Promise<void> {
    while (!this.isClosed) await this.news()
  }

  /** @throws {Error} if the connection ends before it is so */
  private async when<T>(found: () => T | undefined): Promise<T> {
    for (;;) {
      const it = found()
      if (it !== undefined) return it
      if (this.isClosed) throw new Error(`closed after ${JSON.stringify(this.bytes.toString('latin1').slice(0, 200))}`)
      await this.news()
    }
  }

  private news(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        for (const event of ['data', 'end', 'close']) this.socket.off(event, wake)
        resolve()
      }
      for (const event of ['data', 'end', 'close']) this.socket.once(event, wake)
    })
  }

  private take(count: number): Buffer {
    const taken = this.bytes.subarray(0, count)
    this.bytes = this.bytes.subarray(count)
    return taken
  }
}

const nonNegative = (index: number): number | undefined => (index < 0 ? undefined : index)

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}

/** How long the first frame in these bytes is; undefined if it is not all there. */
function measure(bytes: Buffer): { headLength: number; length: number } | undefined {
  const mark = (bytes[1] ?? 0) & 0x7f
  const headLength = mark === longLength ? 10 : mark === mediumLength ? 4 : 2
  if (bytes.length < headLength) return undefined
  const length =
    mark === longLength ? Number(bytes.readBigUInt64BE(2)) : mark === mediumLength ? bytes.readUInt16BE(2) : mark
  return bytes.length < headLength + length ? undefined : { headLength, length }
}
