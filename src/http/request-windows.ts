import { BoundedMap } from '../bounded-map.js'

/** How many requests a client has made in its window, and when that ends. */
interface Window {
  current: number
  /** By a clock that nobody sets. */
  readonly until: number
}

/** What a client has used of its window: requests, and the ms until it ends. */
export interface Use {
  readonly current: number
  readonly ttl: number
}

type Told = (error: Error | null, use?: Use) => void

/** Clients that are counted at once, at least. */
const clients = 100_000

/**
 * Counts requests in fixed windows. It is a store for @fastify/rate-limit, too, whose own keeps clients by their latest
 * use; that costs each request a good deal more than to count.
 */
export class RequestWindows {
  private readonly windows = new BoundedMap<Window>()

  /** Counts a request. @param length The length of a window, in ms. */
  count(client: string, length: number): Use {
    const now = performance.now()
    let window = this.windows.get(client)
    if (window === undefined || window.until <= now) window = this.open(client, now + length)
    window.current++
    return { current: window.current, ttl: window.until - now }
  }

  /** The same, as the plugin asks for it. */
  incr(client: string, tell: Told, length: number): void {
    tell(null, this.count(client, length))
  }

  /** Each limit counts for itself. */
  child(): RequestWindows {
    return new RequestWindows()
  }

  private open(client: string, until: number): Window {
    const window = { current: 0, until }
    this.windows.set(client, window, clients)
    return window
  }
}
