import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { Deliveries } from '../http/deliveries.js'
import type { Delivery } from '../http/delivery.js'
import type { Batch } from '../chat/ports.js'
import { few, mostWaiting, type Owner, type Sender } from './outbox.js'

/** Sends by the library, which compresses what is long enough (RFC 7692), each message for itself. */
export class CompressedSender implements Sender {
  private readonly delivery: Delivery | undefined

  /** @param socket The one below the WebSocket. */
  constructor(
    private readonly webSocket: WebSocket,
    socket: Socket,
    private readonly owner: Owner,
    private readonly deliveries: Deliveries,
  ) {
    this.delivery = deliveries.of(socket)
  }

  get hasRoom(): boolean {
    return this.webSocket.bufferedAmount < few && this.delivery?.isFull !== true
  }

  take({ events }: Batch): void {
    for (const { json } of events) this.say(json)
  }

  say(json: Buffer): void {
    if (this.webSocket.bufferedAmount > mostWaiting || this.isOverfull()) this.owner.onFull()
    else
      this.webSocket.send(json, { binary: false }, () => {
        this.takeMore()
      })
  }

  flush(): void {
    // The library sends at once what it takes.
  }

  private takeMore(): void {
    if (this.hasRoom) this.owner.onRoom()
    else if (this.delivery?.isFull === true) this.deliveries.whenRoom(this.delivery, () => this.takeMore())
  }

  /** What the library has been given cannot wait here, so it is closed where a connection without compression would wait. */
  private isOverfull(): boolean {
    if (!this.delivery) return false
    return !this.deliveries.hasRoom(this.delivery) && this.delivery.underWay > 2 * mostWaiting
  }

  /** The library has no way to take back what it was given. */
  drop(): boolean {
    return this.hasRoom
  }
}
