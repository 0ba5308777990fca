import { ChunkReader } from './chunk-reader.js'
import { headEnd } from './connection.js'
import type { Dialect } from './dialects.js'
import { EventReader } from './event-reader.js'
import { FrameReader, type Reader, type Told } from './frame-reader.js'
import { beginsWith, clientFrame, opcodes } from './frames.js'
import { LineReader } from './line-reader.js'
import { openAll } from './load.js'
import { RawConnection } from './raw-connection.js'
import type { Scope } from './scope.js'
import { within } from './within.js'

/** In ms. */
const patience = 30_000

/** Called with how many messages have come at once. */
export type Heard = (listener: Listener, count: number) => void

export interface Opening {
  readonly dialect: Dialect
  readonly username: string
  /** Where to go on. */
  readonly cursor?: string
  /** For messages that come with the answer already. */
  readonly heard?: Heard
}

/** A live connection that counts the messages that come. */
export class Listener extends RawConnection implements Told {
  messages = 0
  heard: Heard
  /** What the server has said when it was ready. */
  hello = ''
  /** What is there of the answer's head; undefined once it was read. */
  private head: Buffer | undefined = Buffer.alloc(0)
  private reader: Reader | undefined
  private ready: () => void = () => undefined

  private constructor(
    port: number,
    private readonly opening: Opening,
  ) {
    super(port)
    this.heard = opening.heard ?? (() => undefined)
  }

  /** Waits until the server is ready to tell all. */
  static async open(port: number, opening: Opening): Promise<Listener> {
    const listener = new Listener(port, opening)
    try {
      await listener.opened()
      const ready = new Promise<void>((resolve, reject) => {
        listener.ready = resolve
        listener.watch(reject)
      })
      listener.send(opening.dialect.request(opening.username, opening.cursor))
      await within(patience, 'a live connection', ready)
    } catch (error) {
      listener.close()
      throw error
    }
    return listener
  }

  text(payload: Buffer): void {
    const { ready, ack, failures, replies } = this.opening.dialect
    if (beginsWith(payload, 0, ack)) this.answered()
    else if (beginsWith(payload, 0, ready)) {
      this.hello = payload.toString()
      this.ready()
    } else if (failures.some((failure) => beginsWith(payload, 0, failure))) this.ended(payload.toString())
    else {
      const reply = replies.find(({ to }) => beginsWith(payload, 0, to))
      if (reply) this.send(reply.frame)
    }
  }

  ping(payload: Buffer): void {
    this.send(clientFrame(payload, opcodes.pong))
  }

  ended(reason: string): void {
    this.fail(new Error(reason))
  }

  protected take(bytes: Buffer): void {
    const count = this.reader ? this.reader.take(bytes) : this.takeHead(bytes)
    if (count === 0) return
    this.messages += count
    this.heard(this, count)
  }

  private takeHead(bytes: Buffer): number {
    this.head = Buffer.concat([this.head ?? bytes, bytes])
    const end = this.head.indexOf(headEnd)
    if (end < 0) return 0
    const rest = this.head.subarray(end + headEnd.length)
    this.reader = this.readerAfter(this.head.toString('latin1', 0, end).toLowerCase())
    this.head = undefined
    return this.reader?.take(rest) ?? 0
  }

  private readerAfter(head: string): Reader | undefined {
    const { message, opening, linesInFrames } = this.opening.dialect
    if (head.startsWith('http/1.1 101 ')) {
      if (opening) this.send(opening)
      return linesInFrames ? new LineReader(message, this) : new FrameReader(message, this)
    }
    if (!head.startsWith('http/1.1 200 ')) this.ended(`the server answers ${head.split('\r\n', 1).join()}`)
    const events = new EventReader(message, this)
    return head.includes('\r\ntransfer-encoding: chunked') ? new ChunkReader(events, this) : events
  }
}

/** A connection for each of the users; they close with the scope. */
export const listenAll = (
  scope: Scope,
  port: number,
  usernames: readonly string[],
  dialect: Dialect,
): Promise<Listener[]> =>
  openAll(scope, usernames.length, (index) => Listener.open(port, { dialect, username: usernames[index] ?? '' }))
