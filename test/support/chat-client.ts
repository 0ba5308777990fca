import type { Test } from 'tap'
import { WebSocket } from 'ws'
import { ChatClient, type ChatClientOptions, type Event, type State } from '../../src/client/index.js'

/** Comes back sooner than people expect; a machine may be slow, so what is waited for has time. */
const timing = { retry: 20, longestRetry: 200, patience: 30_000, improve: 60_000, answer: 30_000 }

/** A client of the server at the URL, that asks it as often as it likes. */
export const clientAt = (baseUrl: string, options: ChatClientOptions = {}): ChatClient =>
  new ChatClient({ baseUrl, WebSocket, frameRate: Infinity, ...options, timing: { ...timing, ...options.timing } })

/** A client that is registered. */
export async function registered(url: string, username: string, options: ChatClientOptions = {}): Promise<ChatClient> {
  const client = clientAt(url, options)
  await client.register({ username })
  return client
}

/** Somebody who listens by the client; events are taken in order. It ends with the test. */
export class Following {
  readonly #over = new AbortController()
  readonly #events: AsyncIterator<Event>

  constructor(t: Test, client: ChatClient, lastEventId?: string) {
    t.teardown(() => this.leave())
    this.#events = client.connect({ lastEventId, signal: this.#over.signal })
  }

  /** The next event, whatever it is; undefined at the end. */
  async take(): Promise<Event | undefined> {
    return ((await this.#events.next()) as IteratorResult<Event, undefined>).value
  }

  /** The next event of a type; those before are passed over. */
  async next<T extends Event['type']>(type: T): Promise<Extract<Event, { type: T }>> {
    for (;;) {
      const event = await this.take()
      if (event === undefined) throw new Error(`it ended before ${type}`)
      if (event.type === type) return event as Extract<Event, { type: T }>
    }
  }

  /** The texts of the next messages, as many as are asked for. */
  async texts(count: number): Promise<string[]> {
    const texts: string[] = []
    while (texts.length < count) texts.push((await this.next('message.created')).message.message)
    return texts
  }

  leave(): void {
    this.#over.abort()
  }
}

/** Waits until the client is in a state. */
export async function reaches<N extends State['name']>(
  client: ChatClient,
  name: N,
): Promise<Extract<State, { name: N }>> {
  const { state } = client
  if (state.name === name) return state as Extract<State, { name: N }>
  return new Promise((resolve) => {
    const stop = client.onStateChange((state) => {
      if (state.name !== name) return
      stop()
      resolve(state as Extract<State, { name: N }>)
    })
  })
}
