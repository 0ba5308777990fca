import type { AckFrame, ClientFrame, ErrorFrame } from '../../schemas/frames.js'
import { ChatRoomError, closingOf, refusalOf, silent, unexpected, unreachable } from './chatroom-error.js'
import type { Transport, Wire } from './transports/transport.js'
import type { Event, HelloEvent } from './types.js'

/** Who is told what comes. */
export interface Listener {
  hello(hello: HelloEvent): void
  event(event: Event): void
  passed(cursor: string): void
}

interface Asked {
  resolve(answer: AckFrame): void
  reject(error: ChatRoomError): void
}

/** So often in a heartbeat it is looked whether something has come. */
const looks = 2
/** So often nothing may have come. */
const mostSilence = 2 * looks

/** Why one ends of which nobody knows whether it is alive. */
export const renewed = new ChatRoomError('unreachable', 'The connection is opened anew.')

/** Why one ends when another server does better. */
export const moved = new ChatRoomError('unreachable', 'Another server does better.')

/** One connection, from its opening to its end. */
export class Connection implements Wire {
  /** The server's, once it is open. */
  hello: HelloEvent | undefined
  /** Resolves with the reason when it is over. */
  readonly ended: Promise<ChatRoomError>
  readonly #over = new AbortController()
  /** Who waits for the answer to each frame, in the order of the frames, which is that of the answers. */
  readonly #asked: (Asked | undefined)[] = []
  #settle!: (reason: ChatRoomError) => void
  #say: ((frame: ClientFrame) => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** From one look to the next, in ms. */
  #pace = 0
  /** How often it was looked without anything having come. */
  #silence = 0
  #goesOn = false

  /** @param patience How long to wait for `hello`, in ms. */
  constructor(
    transport: Transport,
    readonly url: string,
    readonly cursor: string | undefined,
    private readonly listener: Listener,
    private readonly patience: number,
  ) {
    this.ended = new Promise((resolve) => (this.#settle = resolve))
    this.#timer = setTimeout(() => this.end(silent('hello did not come in time.')), patience)
    transport(this).then(
      () => this.end(this.hello ? unreachable() : unexpected('The connection ended before hello.')),
      (error: unknown) =>
        this.end(error instanceof ChatRoomError ? error : unexpected('The transport does not work.', 0, error)),
    )
  }

  get signal(): AbortSignal {
    return this.#over.signal
  }

  /** Whether something has come behind `hello`. */
  get goesOn(): boolean {
    return this.#goesOn
  }

  /** Whether frames can be said as this user. */
  speaksAs(username: string | undefined): boolean {
    return this.#say !== undefined && this.hello !== undefined && this.hello.username === username
  }

  /** Says a frame, if the server listens. */
  say(frame: ClientFrame, asked?: Asked): void {
    if (this.signal.aborted || !this.#say) return asked?.reject(unreachable())
    this.#asked.push(asked)
    this.#say(frame)
  }

  /**
   * Says a frame, and waits for the answer.
   * @throws {ChatRoomError} the server's; `unreachable` if the connection ends before it
   */
  ask(frame: ClientFrame): Promise<AckFrame> {
    return new Promise((resolve, reject) => this.say(frame, { resolve, reject }))
  }

  /** Finds out soon whether it is alive: asks the server, or is opened anew where that cannot be asked. */
  check(): void {
    if (!this.hello) return
    if (!this.#say) return this.end(renewed)
    clearTimeout(this.#timer)
    this.#silence = mostSilence
    this.say({ type: 'ping' })
    this.#watch(this.patience)
  }

  end(reason: ChatRoomError): void {
    if (this.signal.aborted) return
    clearTimeout(this.#timer)
    this.#over.abort()
    for (const asked of this.#asked.splice(0)) asked?.reject(unreachable(reason))
    this.#settle(reason)
  }

  heard(): void {
    this.#silence = 0
    if (this.hello) this.#goesOn = true
  }

  receive(json: string): void {
    let message: Event | AckFrame | ErrorFrame
    try {
      message = JSON.parse(json) as typeof message
    } catch (cause) {
      return this.end(unexpected('What came is not JSON.', 0, cause))
    }
    if (message.type === 'ack' || message.type === 'error') this.#answer(message)
    else this.take(message)
  }

  take(event: Event): void {
    if (this.signal.aborted) return
    if (event.type === 'closing') this.end(closingOf(event.code, event.reconnect))
    else if (event.type === 'hello') this.#open(event)
    else this.listener.event(event)
  }

  passed(cursor: string): void {
    if (!this.signal.aborted) this.listener.passed(cursor)
  }

  speaks(say: (frame: ClientFrame) => void): void {
    this.#say = say
  }

  #open(hello: HelloEvent): void {
    this.hello = hello
    clearTimeout(this.#timer)
    this.#pace = (hello.heartbeat_seconds * 1000) / looks
    this.#watch()
    this.listener.hello(hello)
  }

  /** Looks whether something comes; after two heartbeats without anything, nobody is there. */
  #watch(pause = this.#pace): void {
    this.#timer = setTimeout(() => {
      if (this.#silence++ >= mostSilence) return this.end(silent('Nothing came for two heartbeats.'))
      // Not by a clock: a page in the background is looked after less often, and asleep not at all.
      if (this.#silence >= looks) this.say({ type: 'ping' })
      this.#watch()
    }, pause)
  }

  #answer(frame: AckFrame | ErrorFrame): void {
    const asked = this.#asked.shift()
    if (frame.type === 'ack') asked?.resolve(frame)
    else asked?.reject(refusalOf(frame))
  }
}
