import type { ChatRoomError } from './chatroom-error.js'
import type { Event } from './types.js'

interface Taker {
  resolve(result: IteratorResult<Event, undefined>): void
  reject(error: unknown): void
}

const done = { done: true, value: undefined } as const

/** The events between the connection and the program that takes them, one by one. */
export class EventQueue implements AsyncIterableIterator<Event> {
  readonly #events: Event[] = []
  readonly #takers: Taker[] = []
  #ended = false
  #error: ChatRoomError | undefined
  #roomy = (): void => undefined

  /**
   * @param limit How many it keeps.
   * @param begin Called when the first is asked for. What it throws is what the iteration throws.
   * @param leave Called when no more are wanted.
   */
  constructor(
    private readonly limit: number,
    private begin: (() => void) | undefined,
    private readonly leave: () => void,
  ) {}

  get isFull(): boolean {
    return this.#events.length >= this.limit
  }

  push(event: Event): void {
    const taker = this.#takers.shift()
    if (taker) taker.resolve({ done: false, value: event })
    else if (!this.#ended) this.#events.push(event)
  }

  /** Waits until half of it is free. */
  hasRoom(): Promise<void> {
    return new Promise((resolve) => {
      this.#roomy = resolve
      this.#look()
    })
  }

  /** Ends, once what is here has been taken; with the error, if there is one. */
  end(error?: ChatRoomError): void {
    this.#ended = true
    this.#error = error
    if (this.#takers.length > 0) this.#settle(this.#takers.shift() as Taker)
    for (const taker of this.#takers.splice(0)) taker.resolve(done)
  }

  async next(): Promise<IteratorResult<Event, undefined>> {
    const { begin } = this
    this.begin = undefined
    try {
      begin?.()
    } catch (error) {
      void this.return()
      throw error
    }
    return new Promise((resolve, reject) => {
      const taker = { resolve, reject }
      const event = this.#events.shift()
      if (event) resolve({ done: false, value: event })
      else if (this.#ended) this.#settle(taker)
      else this.#takers.push(taker)
      this.#look()
    })
  }

  async return(): Promise<IteratorResult<Event, undefined>> {
    this.begin = undefined
    this.leave()
    this.#events.length = 0
    this.end()
    this.#roomy()
    return done
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The error is told once. */
  #settle(taker: Taker): void {
    const error = this.#error
    this.#error = undefined
    if (error) taker.reject(error)
    else taker.resolve(done)
  }

  #look(): void {
    if (this.#events.length <= this.limit / 2) this.#roomy()
  }
}
