import { BoundedMap } from '../../bounded-map.js'

/** What is remembered of a send that had a `client_id`. */
export interface Sent {
  readonly messageId: number
  readonly sentAt: number
  /** The name by which the recipient is called in the answer. */
  readonly recipient: string
  readonly contentHash: string
}

/** The latest sends that had a `client_id`, so that a repeat can be answered as the first was. */
export class SentKeys {
  private readonly sent: BoundedMap<Sent>

  /** @param bound How many are remembered at least; at most twice as many are. */
  constructor(bound: number) {
    this.sent = new BoundedMap(bound)
  }

  find(user: number, clientId: string): Sent | undefined {
    return this.sent.get(`${user} ${clientId}`)
  }

  remember(user: number, clientId: string, sent: Sent): void {
    this.sent.set(`${user} ${clientId}`, sent)
  }
}
