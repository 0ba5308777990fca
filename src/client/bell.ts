/** Wakes whoever waits for news. */
export class Bell {
  #ring = (): void => undefined

  /** Waits until it rings the next time. */
  wait(): Promise<void> {
    return new Promise((resolve) => (this.#ring = resolve))
  }

  ring(): void {
    this.#ring()
  }
}
