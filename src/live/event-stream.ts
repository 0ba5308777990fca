import { randomInt } from 'node:crypto'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { closeCodes, mayComeBack, type CloseReason } from '../../schemas/close-codes.js'
import { Deadlines } from '../hub/deadlines.js'
import type { Batch, Beginning, Sink, Subscription } from '../chat/ports.js'
import { eventJson, ToldEvent } from '../hub/told-event.js'
import { breakOff, closeTimeout } from '../http/closing.js'
import type { Ended } from '../http/logging.js'
import type { Connection, Host } from './connections.js'
import { chunk, chunkedFraming, plainFraming } from './framings.js'
import { Outbox, type Owner } from './outbox.js'

/** `no-transform` and `x-accel-buffering` ask proxies to hand on each event at once. */
const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

/** Milliseconds after which an EventSource comes back by itself: not all at once, after the server was started anew. */
const [soonest, latest] = [1000, 5000]
/**
 * WHATWG HTML section 9.2.6. No empty line ends it, so it belongs to the block of the `hello` that follows: there are
 * libraries that take a block without data for an event.
 */
const opening = (): Buffer => Buffer.from(`retry: ${randomInt(soonest, latest + 1)}\n`)
/** WHATWG HTML section 9.2.7: a line that begins with a colon is a comment. For the same reason it is a line alone. */
const comment = Buffer.from(':\n')
/** RFC 9112 section 7.1: the end of the chunks. */
const lastChunk = Buffer.from('0\r\n\r\n')
/** How soon an EventSource is to come back after a stream that has lasted long enough, in ms. */
const renewal = Buffer.from('retry: 100\n')
/** The part of its age after which a stream may end: those that were opened together do not all come back together. */
const youngest = 0.75

const nothing = Buffer.alloc(0)
const deadlines = new Deadlines()

/** Server-Sent Events: an answer that does not end. */
export class EventStream implements Sink, Connection, Owner, Ended {
  closeCode: number | undefined
  private readonly socket: Socket
  private readonly isChunked: boolean
  private readonly outbox: Outbox
  private readonly subscription: Subscription | undefined
  private isClosing = false
  /** The bytes that the connection had carried before. */
  private readonly bytesBefore: number

  constructor(
    { raw: { socket } }: FastifyRequest,
    reply: FastifyReply,
    private readonly host: Host,
    readonly caller: Connection['caller'],
    beginning: Beginning,
  ) {
    this.isChunked = reply.raw.useChunkedEncodingByDefault
    this.socket = socket
    this.bytesBefore = socket.bytesWritten
    this.outbox = new Outbox(this.socket, this.isChunked ? chunkedFraming : plainFraming, this, host.deliveries)
    this.push(opening())
    try {
      this.subscription = host.listen(caller, beginning, this)
    } catch (error) {
      // Nothing of the stream may come before the answer that says so.
      this.outbox.drop()
      throw error
    }
    this.begin(reply)
  }

  get isOpen(): boolean {
    return !this.isClosing
  }

  get hasRoom(): boolean {
    return this.outbox.hasRoom
  }

  get bytesSent(): number {
    return this.socket.bytesWritten - this.bytesBefore
  }

  take(batch: Batch): void {
    if (!this.isClosing) this.outbox.take(batch)
  }

  onFull(): void {
    this.close('slow_reader')
  }

  onRoom(): void {
    this.subscription?.resume()
  }

  beat(): void {
    if (!this.isClosing) this.push(comment)
  }

  close(reason: CloseReason): void {
    if (this.isClosing) return
    this.closeCode = closeCodes[reason].code
    const event = closingEvent(reason, this.host.now())
    const block = Buffer.concat([reason === 'renewed' ? renewal : nothing, plainFraming.frame(event.json, undefined)])
    this.finish(this.isChunked ? Buffer.concat([chunk(block), lastChunk]) : block)
  }

  /** @param last What is said last. */
  private finish(last?: Buffer): void {
    this.subscription?.end()
    this.outbox.flush()
    this.isClosing = true
    this.outbox.drop()
    if (last) this.socket.end(last)
    setTimeout(() => breakOff(this.socket), closeTimeout).unref()
  }

  /** The head goes out before what has been pushed, which waits for the end of the turn. */
  private begin(reply: FastifyReply): void {
    reply.hijack()
    this.socket.setTimeout(0)
    this.socket.setNoDelay(true)
    this.socket.on('end', () => {
      // A client that has said its last word is gone; Node ends the other direction, too.
      if (!this.isClosing) this.finish()
    })
    // A peer that has gone without a word acknowledges nothing for a quarter of an hour; one that is there comes back.
    const cancel = deadlines.add(this.host.streamAgeMs * (youngest + (1 - youngest) * Math.random()), () => {
      this.close('renewed')
    })
    this.socket.on('close', () => {
      cancel()
      this.end()
    })
    reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...headers })
    reply.raw.flushHeaders()
  }

  private push(bytes: Buffer): void {
    this.outbox.push(this.isChunked ? chunk(bytes) : bytes)
  }

  private end(): void {
    this.isClosing = true
    this.subscription?.end()
    this.host.end(this)
  }
}

/** What a stream, which has no close frame, says last. */
export function closingEvent(reason: CloseReason, at: string): ToldEvent {
  const { code } = closeCodes[reason]
  return new ToldEvent(eventJson('closing', { code, reason, reconnect: mayComeBack(code) }, at))
}
