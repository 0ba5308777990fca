import type { WebSocket } from 'ws'
import type { Batch } from '../hub/live-event.js'
import { few, mostWaiting, type Owner, type Sender } from './outbox.js'

/** Sends by the library, which compresses what is long enough (RFC 7692), each message for itself. */
export class CompressedSender implements Sender {
  constructor(
    private readonly webSocket: WebSocket,
    private readonly owner: Owner,
  ) {}

  get hasRoom(): boolean {
    return this.webSocket.bufferedAmount < few
  }

  take({ events }: Batch): void {
    for (const { json } of events) this.say(json)
  }

  say(json: Buffer): void {
    if (this.webSocket.bufferedAmount > mostWaiting) this.owner.onFull()
    else
      this.webSocket.send(json, { binary: false }, () => {
        if (this.hasRoom) this.owner.onRoom()
      })
  }

  flush(): void {
    // The library sends at once what it takes.
  }

  /** The library has no way to take back what it was given. */
  drop(): boolean {
    return this.hasRoom
  }
}
