/** The server counts the frames of each second, in ms. */
const second = 1000

/**
 * How many frames may be said, so that no second of the server has more of them, however long they are on their way: one
 * that arrives in a second was said before its end, and is answered after its beginning.
 */
export class FrameBudget {
  /** When frames were answered, in the last second. */
  readonly #answers: number[] = []

  /** @param most Frames a second. */
  constructor(private readonly most: number) {}

  answered(): void {
    this.#answers.push(performance.now())
  }

  /** How long the next one has to wait while so many have no answer, in ms; then it is to be asked again. */
  pause(underWay: number): number {
    const now = performance.now()
    const answers = this.#answers
    while ((answers[0] ?? now) <= now - second) answers.shift()
    return underWay + answers.length < this.most ? 0 : second - now + (answers[0] ?? now)
  }
}
