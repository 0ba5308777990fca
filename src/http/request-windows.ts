import { BoundedMap } from '../base/bounded-map.js'

/** How much a client has used in its window, and when that ends. */
interface Window {
  current: number
  /** By a clock that nobody sets. */
  readonly until: number
}

/** What a client has used of its window, and the ms until it ends. */
export interface Use {
  readonly current: number
  readonly ttl: number
}

/** Clients that are counted at once, at least. */
const clients = 100_000

/** Counts in fixed windows what clients use. */
export class RequestWindows {
  private readonly windows = new BoundedMap<Window>()

  /** Counts a use. @param length The length of a window, in ms. */
  count(client: string, length: number, count = 1): Use {
    const now = performance.now()
    let window = this.windows.get(client)
    if (window === undefined || window.until <= now) window = this.open(client, now + length)
    window.current += count
    return { current: window.current, ttl: window.until - now }
  }

  private open(client: string, until: number): Window {
    const window = { current: 0, until }
    this.windows.set(client, window, clients)
    return window
  }
}
