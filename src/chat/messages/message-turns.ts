/** Those who change the same message have their turns one after the other, each with what the one before has made of it. */
export class MessageTurns {
  /** Of each message that is being changed, the end of the last turn. */
  private readonly ends = new Map<number, Promise<unknown>>()

  async run<R>(id: number, change: () => Promise<R>): Promise<R> {
    const before = this.ends.get(id)
    const turn = before ? before.then(change) : change()
    const end = turn.then(noop, noop)
    this.ends.set(id, end)
    try {
      return await turn
    } finally {
      if (this.ends.get(id) === end) this.ends.delete(id)
    }
  }
}

const noop = (): void => undefined
