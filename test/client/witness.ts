import type { Test } from 'tap'
import type { ChatClient, ChatRoomError, Message } from '../../src/client/index.js'

/** Somebody who listens, and takes down all messages of others than the server. */
export class Witness {
  readonly texts: string[] = []
  /** Resolves when it listens. */
  readonly begun: Promise<void>
  /** How often it has been connected. */
  connections = 0
  /** How often events were missing. */
  resyncs = 0
  #lastId = 0
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
      if (event.type === 'message.created') this.#take(event.message)
      if (event.type === 'resync') await this.#catchUp()
      if (this.texts.length >= count) return
    }
  }

  #take({ id, sender, message }: Message): void {
    // What was read after a resync may be told, too.
    if (id <= this.#lastId && this.resyncs > 0) return
    this.#lastId = id
    if (sender !== 'server') this.texts.push(message)
  }

  /** As the contract says: by history, from the last message. */
  async #catchUp(): Promise<void> {
    this.resyncs++
    for (let hasMore = true; hasMore;) {
      const page = await this.#page()
      for (const message of page.messages) this.#take(message)
      hasMore = page.has_more
    }
  }

  /** The next page, once there is an answer. */
  async #page(): ReturnType<ChatClient['pollMessages']> {
    for (;;)
      try {
        return await this.client.pollMessages({ last_id: this.#lastId })
      } catch (error) {
        if (!(error as ChatRoomError).temporary) throw error
      }
  }
}
