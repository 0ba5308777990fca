import type { Socket } from 'node:net'
import type { Batch, Framing } from '../hub/live-event.js'

/** Bytes that may wait for a reader that does not take them. */
export const mostWaiting = 2 ** 20
/** As long as fewer wait, more of a backlog may come. */
export const few = 2 ** 16

/** Those to whom something is to be written when this turn ends. */
let corked: Outbox[] = []

function uncork(): void {
  const those = corked
  corked = []
  for (const outbox of those) outbox.flush()
}

/** Whose outbox it is. */
export interface Owner {
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
  /** Forgets what waits. @returns whether nothing of it is sent any more */
  drop(): boolean
}

/**
 * What is on its way to a socket. What a turn brings is one write. It is the socket's own `write`, since the bytes are
 * framed already; what the socket does not take waits here, where it is counted, and can be dropped.
 */
export class Outbox implements Sender {
  private waiting: Uint8Array[] = []
  private size = 0
  private isCorked = false
  /** Whether the socket holds bytes that the reader has not taken. */
  isBlocked = false

  constructor(
    private readonly socket: Socket,
    private readonly framing: Framing,
    private readonly owner: Owner,
  ) {
    socket.on('drain', () => {
      this.isBlocked = false
      this.flush()
    })
  }

  get hasRoom(): boolean {
    return !this.isBlocked && this.size < few
  }

  take(batch: Batch): void {
    this.push(batch.as(this.framing))
  }

  say(json: Buffer): void {
    this.push(this.framing.frame(json, undefined))
  }

  /** Sends bytes that are framed. */
  push(bytes: Uint8Array): void {
    this.waiting.push(bytes)
    this.size += bytes.length
    if (this.isBlocked) {
      if (this.size > mostWaiting) this.owner.onFull()
    } else if (!this.isCorked) {
      this.isCorked = true
      if (corked.push(this) === 1) queueMicrotask(uncork)
    }
  }

  /** Writes what waits, if the socket takes anything. */
  flush(): void {
    this.isCorked = false
    if (this.isBlocked || !this.socket.writable) return
    const [first] = this.waiting
    if (first) {
      const bytes = this.waiting.length === 1 ? first : Buffer.concat(this.waiting, this.size)
      this.drop()
      this.isBlocked = !this.socket.write(bytes)
    }
    if (!this.isBlocked) this.owner.onRoom()
  }

  drop(): boolean {
    this.waiting = []
    this.size = 0
    return true
  }
}
