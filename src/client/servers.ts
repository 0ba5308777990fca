/** The servers of one chat, any of which will do; one of them is asked until another may do better. */
export class Servers {
  #at: number
  /** Whether the current one is known to serve. */
  #isReady = false

  /** @param urls Without a slash at their ends. It begins at any of them, so that clients are spread. */
  constructor(private readonly urls: readonly [string, ...string[]]) {
    this.#at = Math.floor(Math.random() * urls.length)
  }

  get current(): string {
    return this.urls[this.#at] ?? this.urls[0]
  }

  get count(): number {
    return this.urls.length
  }

  /** Whether one may be asked for what cannot be repeated. One alone is asked as it is. */
  isReady(url: string): boolean {
    return this.count === 1 || (this.#isReady && url === this.current)
  }

  /** It has said that it serves. */
  ready(url: string): void {
    if (url === this.current) this.#isReady = true
  }

  /** Goes on to the next one, unless somebody has done so before. */
  leave(url: string): void {
    if (url !== this.current) return
    this.#at = (this.#at + 1) % this.count
    this.#isReady = false
  }
}
