import type { Bounds } from '../../../schemas/commands.js'
import { BoundedMap } from '../../bounded-map.js'

/** What is remembered of a send that had a `client_id`. */
export interface Sent {
  readonly messageId: number
  readonly sentAt: number
  /** The name by which the recipient is called in the answer. */
  readonly recipient: string
  readonly contentHash: string
}

/**
 * The `client_id`s of the latest messages, so that a repeat can be answered as the first was. What is known depends on the
 * ids of messages alone, so that replicas agree.
 */
export class SentKeys {
  private readonly sent = new BoundedMap<Sent>()

  /** @param bounds How many of the latest messages are looked at. */
  constructor(private readonly bounds: Bounds) {}

  /** @param newest The id of the newest message. */
  find(user: number, clientId: string, newest: number): Sent | undefined {
    const sent = this.sent.get(`${user} ${clientId}`)
    return sent && sent.messageId > newest - this.bounds.idempotency_keys ? sent : undefined
  }

  remember(user: number, clientId: string, sent: Sent): void {
    this.sent.set(`${user} ${clientId}`, sent, this.bounds.idempotency_keys)
  }
}
