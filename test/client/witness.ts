import type { Test } from 'tap'
import type { ChatClient } from '../../src/client/index.js'

/** Somebody who listens, and takes down all messages but the server's. */
export class Witness {
  readonly texts: string[] = []
  /** Resolves when it listens. */
  readonly begun: Promise<void>
  /** How often it has been connected. */
  connections = 0
  #begin: () => void = () => undefined
  readonly #over = new AbortController()

  constructor(
    t: Test,
    private readonly client: ChatClient,
  ) {
    this.begun = new Promise((resolve) => (this.#begin = resolve))
    client.onStateChange(({ name }) => (this.connections += name === 'connected' ? 1 : 0))
    t.teardown(() => this.#over.abort())
  }

  /** Listens until it has so many messages. */
  async listen(count: number): Promise<void> {
    for await (const event of this.client.connect({ signal: this.#over.signal })) {
      if (event.type === 'hello') this.#begin()
      if (event.type === 'resync') throw new Error('events are missing')
      if (event.type !== 'message.created' || event.message.sender === 'server') continue
      if (this.texts.push(event.message.message) === count) return
    }
  }
}
