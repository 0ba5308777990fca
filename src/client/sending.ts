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

  constructor(readonly message: MessageToSend) {
    this.sent = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }
}
