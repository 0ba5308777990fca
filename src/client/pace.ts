/** What may go ahead of the pace, in ms of it. */
const ahead = 100

/** Lets so many a second through, and no more in any second. */
export class Pace {
  /** When what has been let through is over, in ms. */
  #until = 0
  readonly #cost: number

  /** @param rate How many a second at most. */
  constructor(rate: number) {
    this.#cost = (1000 + ahead) / rate
  }

  /** How long the next one has to wait, in ms; it counts as let through. */
  next(): number {
    const now = performance.now()
    const pause = Math.max(0, this.#until - now - ahead)
    this.#until = Math.max(this.#until, now) + this.#cost
    return pause
  }
}
