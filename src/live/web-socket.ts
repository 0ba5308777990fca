import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { closeCodes, mayComeBack, type CloseReason } from '../../schemas/close-codes.js'
import type { Ended } from '../http/logging.js'
import type { Batch, Beginning, Sink, Subscription } from '../chat/ports.js'
import { breakOff, closeTimeout } from '../http/closing.js'
import { CompressedSender } from './compressed-sender.js'
import type { Connection, Host } from './connections.js'
import { FrameRate } from './frame-rate.js'
import type { AnswerFrame, Speaker } from './frames.js'
import { webSocketFraming } from './framings.js'
import { mostWaiting, Outbox, type Owner, type Sender } from './outbox.js'

export interface WebSocketHost extends Host {
  readonly answer: AnswerFrame
  /** Frames a second; 0 is no limit. */
  readonly frameRate: number
}

/** Frames of one connection that may be under way; until there are fewer, no more are read. */
const mostUnderWay = 256
/** Beats that may go by without a word of the peer. */
const mostSilence = 2
/** Bytes that may be on their way to a peer that sends pings: what waits at most, and has been given to the socket at once. */
const mostPending = 2 * mostWaiting
/** RFC 6455 section 7.4.1: data of a kind that is not taken. */
const unsupportedData = 1003

const answered = Promise.resolve()

/** A WebSocket: events go out, frames come in. */
export class WebSocketConnection implements Sink, Connection, Owner, Ended {
  closeCode: number | undefined
  private readonly sender: Sender
  private readonly subscription: Subscription | undefined
  private readonly rate: FrameRate
  /** Beats since the peer was heard. */
  private silence = 0
  private underWay = 0
  private lastAnswer = answered
  private isClosing = false
  /** The bytes that the connection had carried before. */
  private readonly bytesBefore: number

  /** @param socket The one below the WebSocket. */
  constructor(
    private readonly webSocket: WebSocket,
    private readonly socket: Socket,
    private readonly host: WebSocketHost,
    readonly caller: Connection['caller'] & Speaker,
    beginning: Beginning,
  ) {
    this.rate = new FrameRate(host.frameRate)
    this.bytesBefore = socket.bytesWritten
    webSocket.on('message', (data: Buffer, isBinary) => {
      this.hear(data, isBinary)
    })
    webSocket.on('pong', () => {
      this.heard()
    })
    webSocket.on('ping', () => {
      // The library answers past the sender, so that is counted here.
      if (this.heard() && webSocket.bufferedAmount > mostPending) this.close('slow_reader')
    })
    // What is compressed is compressed for each connection, by the library; all else is framed once for all.
    this.sender =
      webSocket.extensions === ''
        ? new Outbox(socket, webSocketFraming, this, host.deliveries)
        : new CompressedSender(webSocket, socket, this, host.deliveries)
    this.subscription = host.listen(caller, beginning, this)
    webSocket.on('close', (code: number) => {
      this.closeCode ??= code
      this.end()
    })
  }

  get hasRoom(): boolean {
    return this.sender.hasRoom
  }

  get bytesSent(): number {
    return this.socket.bytesWritten - this.bytesBefore
  }

  take(batch: Batch): void {
    if (this.isOpen) this.sender.take(batch)
  }

  onFull(): void {
    this.close('slow_reader')
  }

  onRoom(): void {
    this.subscription?.resume()
  }

  beat(): void {
    if (++this.silence > mostSilence) this.close('no_heartbeat')
    else if (!this.isClosing) this.webSocket.ping()
  }

  close(reason: CloseReason): void {
    this.closeWith(closeCodes[reason].code, reason)
  }

  private closeWith(code: number, reason: string): void {
    if (this.isClosing) return
    this.isClosing = true
    this.closeCode = code
    this.subscription?.end()
    this.sender.flush()
    const isDropped = this.sender.drop()
    // Who may not come back is told nothing more; and a peer that has begun to close, and takes nothing, would not end it.
    if (this.isOpen && (isDropped || mayComeBack(code))) {
      this.webSocket.close(code, reason)
      setTimeout(() => breakOff(this.socket), closeTimeout).unref()
    } else breakOff(this.socket)
  }

  /** Nothing follows a close frame (RFC 6455 section 5.5.1), whoever was first to send one. */
  get isOpen(): boolean {
    return this.webSocket.readyState === this.webSocket.OPEN
  }

  private end(): void {
    this.isClosing = true
    this.subscription?.end()
    this.host.end(this)
  }

  /** The peer has sent a frame of whatever kind. @returns whether it may go on */
  private heard(): boolean {
    this.silence = 0
    if (this.isClosing) return false
    if (this.rate.count()) return true
    this.close('too_many_frames')
    // What else it sends is not read any more, until the time for its own close frame is over.
    this.webSocket.pause()
    return false
  }

  private hear(data: Buffer, isBinary: boolean): void {
    if (!this.heard()) return
    if (isBinary) this.closeWith(unsupportedData, 'frames are JSON text')
    else this.lastAnswer = this.answer(data, this.lastAnswer)
  }

  /** @param before When the frames before have been answered: answers keep the order of what they answer. */
  private async answer(bytes: Buffer, before: Promise<void>): Promise<void> {
    if (++this.underWay === mostUnderWay) this.webSocket.pause()
    const [answer] = await Promise.all([this.host.answer(bytes, this.caller), before])
    if (this.underWay-- === mostUnderWay && !this.isClosing) this.webSocket.resume()
    if (this.isOpen) this.sender.say(Buffer.from(JSON.stringify(answer)))
  }
}
