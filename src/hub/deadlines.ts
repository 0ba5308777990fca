import { each, inTurns } from '../base/turns.js'

/** The precision of a deadline, in ms. */
const tick = 100

/**
 * Calls back at deadlines. Deadlines of the same tick share a bucket, and all share one timer, which runs only while there
 * are any: ten thousand of them cost what falls due, not a timer or a scan each.
 */
export class Deadlines {
  private readonly buckets = new Map<number, Set<() => void>>()
  private timer: NodeJS.Timeout | undefined
  private next = 0
  private closed = false

  /** Calls back once, `ms` from now or up to a tick later. Returns what cancels it; to cancel twice is harmless. */
  add(ms: number, callback: () => void): () => void {
    if (this.closed) return () => undefined
    const now = performance.now()
    const number = Math.ceil((now + ms) / tick)
    let bucket = this.buckets.get(number)
    if (!bucket) this.buckets.set(number, (bucket = new Set()))
    bucket.add(callback)
    this.start(now)
    return () => {
      bucket.delete(callback)
      if (bucket.size === 0 && this.buckets.get(number) === bucket) this.buckets.delete(number)
      if (this.buckets.size === 0) this.stop()
    }
  }

  /** Forgets all of them, and those that come later. */
  close(): void {
    this.closed = true
    this.buckets.clear()
    this.stop()
  }

  private start(now: number): void {
    if (this.timer) return
    this.next = Math.floor(now / tick)
    this.timer = setInterval(() => {
      this.expire()
    }, tick)
  }

  private stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  private expire(): void {
    const due: Set<() => void>[] = []
    for (const now = Math.floor(performance.now() / tick); this.next <= now; this.next++) {
      const bucket = this.buckets.get(this.next)
      if (bucket) due.push(bucket)
      this.buckets.delete(this.next)
    }
    if (this.buckets.size === 0) this.stop()
    // What is cancelled before it is its turn is not called.
    void inTurns(each(due), (callback) => callback())
  }
}
