import type { ChatRoomError } from './chatroom-error.js'
import type { TransportName } from './transports/transport.js'

/** How the live connection is. */
export type State =
  /** Nobody listens. If the server does not want the client back, `error` says why. */
  | { readonly name: 'idle'; readonly error?: ChatRoomError }
  | { readonly name: 'connecting'; readonly transport: TransportName }
  | { readonly name: 'connected'; readonly transport: TransportName; readonly username: string }
  /** The connection is lost. `retryAt` is when it tries again, in ms since the epoch. */
  | { readonly name: 'waiting'; readonly retryAt: number; readonly error: ChatRoomError }
  /** As many events wait for the program as the client keeps; it goes on when the program has taken some. */
  | { readonly name: 'paused' }

export type StateListener = (state: State) => void

export class StateHolder {
  #current: State = { name: 'idle' }
  readonly #listeners = new Set<StateListener>()

  get current(): State {
    return this.#current
  }

  set(state: State): void {
    this.#current = state
    // Later, so that what a listener does or throws is its own matter.
    for (const listener of this.#listeners)
      queueMicrotask(() => {
        if (this.#listeners.has(listener)) listener(state)
      })
  }

  /** Tells of each change from now on, until what it returns is called. */
  listen(listener: StateListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
