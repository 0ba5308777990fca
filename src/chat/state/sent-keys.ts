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
  private readonly sent = new Map<string, Sent>()

  /** @param bound How many are remembered; past it the oldest is forgotten. */
  constructor(private readonly bound: number) {}

  find(user: number, clientId: string): Sent | undefined {
    return this.sent.get(`${user} ${clientId}`)
  }

  remember(user: number, clientId: string, sent: Sent): void {
    if (this.sent.size >= this.bound) {
      const [oldest] = this.sent.keys()
      if (oldest !== undefined) this.sent.delete(oldest)
    }
    this.sent.set(`${user} ${clientId}`, sent)
  }
}
