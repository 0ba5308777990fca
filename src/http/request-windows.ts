/** How many requests a client has made in its window, and when that ends. */
interface Window {
  current: number
  readonly until: number
}

type Told = (error: Error | null, use?: { current: number; ttl: number }) => void

/** Clients that are counted at once; past it the one whose window is the oldest is forgotten. */
const clients = 100_000

/**
 * Counts requests in fixed windows, for @fastify/rate-limit: its own store keeps clients by their latest use, and that
 * costs each request a good deal more than to count.
 */
export class RequestWindows {
  private readonly windows = new Map<string, Window>()

  /** @param length The length of a window, in ms. */
  incr(client: string, tell: Told, length: number): void {
    const now = Date.now()
    let window = this.windows.get(client)
    if (window === undefined || window.until <= now) window = this.open(client, now + length)
    window.current++
    tell(null, { current: window.current, ttl: window.until - now })
  }

  /** Each limit counts for itself. */
  child(): RequestWindows {
    return new RequestWindows()
  }

  private open(client: string, until: number): Window {
    this.windows.delete(client)
    const [oldest] = this.windows.keys()
    if (oldest !== undefined && this.windows.size >= clients) this.windows.delete(oldest)
    const window = { current: 0, until }
    this.windows.set(client, window)
    return window
  }
}
