/** How long to wait before another try, after tries that have failed. */
export class Backoff {
  #failures = 0

  /**
   * @param first What the first pause is at most, in ms; each further one is up to twice as long.
   * @param longest What any pause is at most, in ms.
   */
  constructor(
    private readonly first: number,
    private readonly longest: number,
  ) {}

  /** The next pause, in ms: any up to the bound, so that those who have lost the same server do not come back together. */
  next(): number {
    return Math.random() * Math.min(this.longest, this.first * 2 ** this.#failures++)
  }

  /** It has worked. */
  reset(): void {
    this.#failures = 0
  }
}
