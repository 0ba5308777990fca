import type { ChatClient, Sent } from '../../src/client/index.js'

/** As many messages wait at once, as for a program that does not wait for answers. */
const mostWaiting = 500

/** Somebody who sends many messages, and takes down how each was answered, as the answers come. */
export class Sender {
  readonly sent: Sent[] = []
  readonly #milestones: { readonly count: number; readonly resolve: () => void }[] = []

  constructor(
    private readonly client: ChatClient,
    private readonly recipient: string,
  ) {}

  async send(texts: readonly string[]): Promise<void> {
    for (const [at, text] of texts.entries()) {
      await this.reaches(at - mostWaiting)
      void this.#send(text)
    }
    await this.reaches(texts.length)
  }

  /** Waits until so many are answered. */
  async reaches(count: number): Promise<void> {
    if (this.sent.length < count) await new Promise<void>((resolve) => this.#milestones.push({ count, resolve }))
  }

  async #send(text: string): Promise<void> {
    this.sent.push(await this.client.send(this.recipient, text))
    for (const { count, resolve } of this.#milestones) if (this.sent.length === count) resolve()
  }
}
