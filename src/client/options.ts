import type { Fetch } from './http.js'
import type { Timing } from './timing.js'
import type { TransportName } from './transports/transport.js'
import type { WebSocketConstructor } from './transports/websocket.js'

export interface ChatClientOptions {
  /**
   * Where the server is: `https://chat.example`. A page that the server itself serves need not say it. Of a chat that several
   * servers have in common, where each of them is: it asks one, and goes on to the next when that cannot serve.
   */
  readonly baseUrl?: string | readonly string[] | undefined
  /** Who acts, if that is known before `register` or `login`; with a token alone it is known once it is connected. */
  readonly username?: string | undefined
  readonly token?: string | undefined
  /** Whether `register` and `login` say who acts from then on, and `logout` that nobody does; true unless said otherwise. */
  readonly keepSession?: boolean | undefined
  /** Instead of the global one. */
  readonly fetch?: Fetch | undefined
  /** Instead of the global one, or where there is none: before Node.js 22 that of the package `ws`, for instance. */
  readonly WebSocket?: WebSocketConstructor | undefined
  /** Which to use, the best first: `websocket`, `sse`, `poll`, unless said otherwise. */
  readonly transports?: readonly TransportName[] | undefined
  /** How many events it keeps for a program that takes them slowly; 1,000 unless said otherwise. */
  readonly buffer?: number | undefined
  /** How many messages wait to be sent at most; 1,000 unless said otherwise. */
  readonly queue?: number | undefined
  /** How many messages are under way at once on a WebSocket; 32 unless said otherwise. */
  readonly window?: number | undefined
  /** Frames a second at most on a WebSocket, of which the server closes one that says too many; 90 unless said otherwise. */
  readonly frameRate?: number | undefined
  readonly timing?: Partial<Timing> | undefined
}

export interface ConnectOptions {
  /** The `event_id` of the last event that the program has seen: it begins with all that came after it. */
  readonly lastEventId?: string | undefined
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined
}

export interface SendOptions {
  /** To repeat a message of before the program was started anew; one of its own unless said otherwise. */
  readonly clientId?: string | undefined
  /** Gives up: `send` rejects with its reason. The message may have been sent. */
  readonly signal?: AbortSignal | undefined
}
