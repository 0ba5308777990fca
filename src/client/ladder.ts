import type { Transport, TransportName } from './transports/transport.js'

export interface Rung {
  readonly name: TransportName
  readonly transport: Transport
}

/** The longest pause between two looks whether a better transport works, in ms. */
const longest = 30 * 60_000

/** Which transport to take: the best that works. */
export class Ladder {
  /** The rung that worked last. */
  #works = 0
  #current = 0
  #pause: number

  /**
   * @param rungs The best first.
   * @param pause When to look for a better one than that which works, in ms; each further time after twice as long.
   */
  constructor(
    private readonly rungs: readonly [Rung, ...Rung[]],
    private readonly pause: number,
  ) {
    this.#pause = pause
  }

  get current(): Rung {
    return this.rungs[this.#current] ?? this.rungs[0]
  }

  /** Those that would be better. */
  get better(): readonly Rung[] {
    return this.rungs.slice(0, this.#current)
  }

  /** The current one works. */
  works(): void {
    if (this.#current < this.#works) this.#pause = this.pause
    this.#works = this.#current
  }

  /** The current one does not; gives whether there is another one to try now. */
  fails(): boolean {
    const hasNext = this.#current + 1 < this.rungs.length
    this.#current = hasNext ? this.#current + 1 : this.#works
    return hasNext
  }

  /** Goes back to that which worked last, for nothing is known of the others. */
  back(): void {
    this.#current = this.#works
  }

  /** Takes a better one. */
  climb(rung: Rung): void {
    this.#current = this.rungs.indexOf(rung)
  }

  /** When to look for a better one, in ms. */
  nextLook(): number {
    const pause = this.#pause
    this.#pause = Math.min(longest, pause * 2)
    return pause
  }
}
