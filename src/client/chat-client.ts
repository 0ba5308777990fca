import { EventQueue } from './event-queue.js'
import { Http } from './http.js'
import { Ladder } from './ladder.js'
import { Live } from './live.js'
import { Operations } from './operations.js'
import type { ChatClientOptions, ConnectOptions, SendOptions } from './options.js'
import { Outbox } from './outbox.js'
import type { Sent } from './sending.js'
import { Servers } from './servers.js'
import { StateHolder, type State, type StateListener } from './state.js'
import { standardTiming, type Timing } from './timing.js'
import { rungsOf } from './transports/rungs.js'
import type { WebSocketConstructor } from './transports/websocket.js'
import type { Event } from './types.js'

/** What only some platforms have. */
const platform = globalThis as unknown as {
  readonly WebSocket?: WebSocketConstructor
  readonly location?: { readonly href: string }
}

/** A hint of who types is not given again before, in ms; it is over after six seconds. */
const typingPause = 3000

/**
 * A client of a ChatRoom server, for browsers and Node.js.
 *
 * It has each operation of the contract as a method; these resolve with the body of the answer, and reject with a
 * {@link ChatRoomError}. {@link connect} listens, and {@link send} sends safely; both outlive connections and servers.
 */
export class ChatClient extends Operations {
  readonly #timing: Timing
  readonly #eventLimit: number
  readonly #ladder: Ladder
  readonly #outbox: Outbox
  readonly #state = new StateHolder()
  #live: Live | undefined
  #typing = { recipient: '', until: 0 }

  /**
   * @throws {TypeError} if there is no URL, or no transport
   * @throws {RangeError} if a number is less than 1
   */
  constructor(options: ChatClientOptions = {}) {
    for (const name of ['buffer', 'queue', 'window', 'frameRate'] as const)
      if (!((options[name] ?? 1) >= 1)) throw new RangeError(`${name} is at least 1.`)
    const { username, token, keepSession: follows = true, fetch = globalThis.fetch } = options
    // As a method of another object, a browser's fetch refuses.
    const timing = { ...standardTiming, ...options.timing }
    const http = new Http(serversAt(options.baseUrl), (input, init) => fetch(input, init), timing.patience, {
      username,
      token,
      follows,
      leaves: false,
    })
    super(http)
    this.#timing = timing
    this.#eventLimit = options.buffer ?? 1000
    const rungs = rungsOf(http, options.WebSocket ?? platform.WebSocket, options.transports)
    this.#ladder = new Ladder(rungs, this.#timing.improve)
    this.#outbox = new Outbox({
      http,
      timing: this.#timing,
      limit: options.queue ?? 1000,
      window: options.window ?? 32,
      frameRate: options.frameRate ?? 90,
      connection: () => this.#live?.connection,
    })
  }

  /** Who acts; `register` and `login` say it, too. */
  get username(): string | undefined {
    return this.http.session.username
  }

  set username(username: string | undefined) {
    this.http.session.username = username
  }

  get token(): string | undefined {
    return this.http.session.token
  }

  set token(token: string | undefined) {
    this.http.session.token = token
  }

  /** How the live connection is. */
  get state(): State {
    return this.#state.current
  }

  /** Tells of each change of {@link state}, until what it returns is called. */
  onStateChange(listener: StateListener): () => void {
    return this.#state.listen(listener)
  }

  /**
   * Listens: gives each event once and in order, and each one that is in the log whatever happens to connections; it comes
   * back by itself. The first event is `hello`, when it has been connected for the first time; of another connection's
   * it gives who has come or gone meanwhile, as `presence`. After `resync` events are missing: read what you show anew, by `pollMessages` from the last message that you have.
   *
   * It connects when the first event is asked for, and once at a time; it ends when the loop is left, or by `signal`.
   * @throws {ChatRoomError} within the loop, if the server does not want the client back
   */
  connect({ lastEventId, signal }: ConnectOptions = {}): AsyncIterableIterator<Event> {
    let live: Live | undefined
    const abort = (): void => void queue.return()
    const leave = (): void => {
      signal?.removeEventListener('abort', abort)
      live?.leave()
      if (this.#live === live) this.#live = undefined
    }
    const begin = (): void => {
      if (this.#live) throw new TypeError('The client is connected already.')
      this.http.session.leaves = false
      live = this.#live = this.#open(queue, lastEventId)
      void live.run().then(leave)
    }
    const queue = new EventQueue(this.#eventLimit, begin, leave)
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort)
    return queue
  }

  /**
   * Sends a message: once, however often it has to be tried, and behind those of before. It is tried until there is an
   * answer; meanwhile it waits here, and is gone when the program ends.
   * @param recipient A username or a room id.
   * @throws {ChatRoomError} the server's failure, if another try would be useless; `queue_full`
   */
  send(recipient: string, message: string, { clientId, signal }: SendOptions = {}): Promise<Sent> {
    this.#typing.until = 0
    const sending = { sender: this.username, recipient, message, client_id: clientId ?? randomId() }
    return this.#outbox.add(sending, signal)
  }

  /**
   * Says that the user is typing; call it at each key. It says so every few seconds at most, and nothing happens if it
   * cannot.
   * @param recipient A username or a room id.
   */
  typing(recipient: string): void {
    const now = performance.now()
    if (recipient === this.#typing.recipient && now < this.#typing.until) return
    this.#typing = { recipient, until: now + typingPause }
    const connection = this.#live?.connection
    if (connection?.speaksAs(this.username)) connection.say({ type: 'typing', recipient })
    else this.sendTyping({ recipient }).catch(() => undefined)
  }

  /** Tries again now, where it waits to connect or to send. */
  retry(): void {
    this.#live?.retry()
    this.#outbox.retry()
  }

  #open(queue: EventQueue, lastEventId: string | undefined): Live {
    const setup = {
      http: this.http,
      ladder: this.#ladder,
      state: this.#state,
      timing: this.#timing,
      onOpen: (username: string) => {
        this.http.isKnown = true
        this.username ??= username
        this.#outbox.retry()
      },
    }
    return new Live(setup, queue, lastEventId)
  }
}

/** @throws {TypeError} if there is none, or one is not the URL of a server */
function serversAt(baseUrl: string | readonly string[] = '/'): Servers {
  const [first, ...others] = [baseUrl].flat().map(baseOf)
  if (first === undefined) throw new TypeError('baseUrl has no URL.')
  return new Servers([first, ...others])
}

function baseOf(baseUrl: string): string {
  const { protocol, username, href } = new URL(baseUrl, platform.location?.href)
  if (!/^https?:$/.test(protocol) || username !== '')
    throw new TypeError(`baseUrl is "${baseUrl}"; it begins with http:// or https://, and has no name in it.`)
  return href.replace(/\/$/, '')
}

/** 128 random bits. A page that did not come by HTTPS has no `crypto.randomUUID`. */
const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
