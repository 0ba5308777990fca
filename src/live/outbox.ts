import type { Socket } from 'node:net'
import type { Deliveries } from '../http/deliveries.js'
import type { Delivery } from '../http/delivery.js'
import type { Batch, Framing } from '../chat/ports.js'
import { writes } from './writes.js'

/** Bytes that may wait for a reader that does not take them. */
export const mostWaiting = 2 ** 20
/** As long as fewer wait, more of a backlog may come. */
export const few = 2 ** 16
/** After so many bytes it is counted how many are under way. */
const countedBytes = 2 ** 16

/** Whose outbox it is. */
export interface Owner {
  /** Whether anything may be sent: nothing follows what closes a connection. */
  readonly isOpen: boolean
  /** More than a MiB waits for a reader that does not take it. */
  onFull(): void
  /** All that was there is written, and the reader takes more. */
  onRoom(): void
}

/** What carries events to a peer. */
export interface Sender {
  /** Whether it is worth while to put more of a backlog in. */
  readonly hasRoom: boolean
  take(batch: Batch): void
  /** Sends what is for this peer alone. */
  say(json: Buffer): void
  /** Sends what waits, if the peer takes it. */
  flush(): void
  /** Forgets what waits. @returns whether nothing of it is sent any more */
  drop(): boolean
}

/**
 * What is on its way to a socket. What a turn brings is one write, and so are the events that come soon after one. It is the
 * socket's own `write`, since the bytes are framed already; what the socket does not take waits here, where it is counted,
 * and can be dropped.
 */
export class Outbox implements Sender {
  private waiting: Uint8Array[] = []
  private size = 0
  /** The beat of the latest write. */
  private writtenAt = -1
  /** Bytes that are written and not counted. */
  private uncounted = 0
  /** Whether the socket, or the kernel, holds bytes that the reader has not taken. */
  private isBlocked = false
  private readonly delivery: Delivery | undefined

  constructor(
    private readonly socket: Socket,
    private readonly framing: Framing,
    private readonly owner: Owner,
    private readonly deliveries: Deliveries,
  ) {
    this.delivery = deliveries.of(socket)
    socket.on('drain', () => {
      this.isBlocked = false
      this.count()
      this.flush()
    })
  }

  get hasRoom(): boolean {
    return !this.isBlocked && this.size < few
  }

  take(batch: Batch): void {
    this.add(batch.as(this.framing))
    if (this.isBlocked) return
    if (this.writtenAt === writes.beat && this.size < few) writes.atNextBeat(this)
    else writes.atTurnsEnd(this)
  }

  say(json: Buffer): void {
    this.push(this.framing.frame(json, undefined))
  }

  /** Sends bytes that are framed, and what waits, when this turn ends. */
  push(bytes: Uint8Array): void {
    this.add(bytes)
    if (!this.isBlocked) writes.atTurnsEnd(this)
  }

  /** Writes what waits, if the socket takes anything. */
  flush(): void {
    if (this.isBlocked || !this.socket.writable || !this.owner.isOpen) return
    const [first] = this.waiting
    if (first) {
      const bytes = this.waiting.length === 1 ? first : Buffer.concat(this.waiting, this.size)
      this.drop()
      this.isBlocked = !this.socket.write(bytes)
      this.writtenAt = writes.beat
      writes.begin()
      this.uncounted += bytes.length
      if (this.uncounted > countedBytes) this.count()
    }
    if (!this.isBlocked) this.owner.onRoom()
  }

  /** The socket takes megabytes for a reader that takes nothing; it is given no more than so much. */
  private count(): void {
    this.uncounted = 0
    if (!this.delivery || this.deliveries.hasRoom(this.delivery)) return
    this.isBlocked = true
    this.deliveries.whenRoom(this.delivery, () => {
      this.isBlocked = this.socket.writableNeedDrain
      this.flush()
    })
  }

  drop(): boolean {
    this.waiting = []
    this.size = 0
    return true
  }

  private add(bytes: Uint8Array): void {
    this.waiting.push(bytes)
    this.size += bytes.length
    if (this.isBlocked && this.size > mostWaiting) this.owner.onFull()
  }
}
