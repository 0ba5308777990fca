/** By key, what is under way and what waits for it, one behind the other. */
export class Lines<K> {
  /** The end of the last in each line. */
  private readonly ends = new Map<K, Promise<unknown>>()

  has(key: K): boolean {
    return this.ends.has(key)
  }

  /** Joins a line. @param act Given the end of those before, if there are any, which does not fail. */
  async join<R>(key: K, act: (before: Promise<unknown> | undefined) => Promise<R>): Promise<R> {
    const acting = act(this.ends.get(key))
    const end = acting.then(noop, noop)
    this.ends.set(key, end)
    try {
      return await acting
    } finally {
      if (this.ends.get(key) === end) this.ends.delete(key)
    }
  }
}

const noop = (): void => undefined
