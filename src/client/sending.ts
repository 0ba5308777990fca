/** A message that the server has. */
export interface Sent {
  readonly message_id: number
  readonly sent_at: string
  readonly client_id: string
}

export interface MessageToSend {
  /** Undefined as long as nobody knows. */
  sender: string | undefined
  readonly recipient: string
  readonly message: string
  readonly client_id: string
}

/** A message on its way, and how that ends. */
export class Sending {
  readonly sent: Promise<Sent>
  resolve!: (sent: Sent) => void
  reject!: (error: unknown) => void
  /**
   * A connection has broken with this message alone under way. It may be because of the message, as where a proxy takes no
   * frame of its size; a request is told so.
   */
  breaksConnections = false

  constructor(readonly message: MessageToSend) {
    this.sent = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }
}
