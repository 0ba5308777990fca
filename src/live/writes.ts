import { inTurns } from '../base/turns.js'

/** What is told within so many ms after a write goes out with the next one: each costs as much as a hundred events. */
const gatherMs = 2

/** Something that waits to be written. */
interface Written {
  flush(): void
}

/** Writes that wait: for the end of the turn, or for the next beat. Where there are many, they take several turns. */
class Writes {
  /** The number of the time of {@link gatherMs} that it is; it goes on as long as there are writes. */
  beat = 0
  private timer: NodeJS.Timeout | undefined
  private isUncorking = false
  private readonly corked = new Set<Written>()
  private readonly gathered = new Set<Written>()

  /** Writes when this turn ends. */
  atTurnsEnd(written: Written): void {
    this.corked.add(written)
    if (this.isUncorking) return
    this.isUncorking = true
    queueMicrotask(() => void this.uncork())
  }

  /** Writes with the next beat. */
  atNextBeat(written: Written): void {
    this.gathered.add(written)
    this.begin()
  }

  /** Something has been written: it has its beat. */
  begin(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.beat++
      void flushAll(this.gathered)
    }, gatherMs)
  }

  private async uncork(): Promise<void> {
    while (this.corked.size > 0) await flushAll(this.corked)
    this.isUncorking = false
  }
}

const flushAll = (some: Set<Written>): Promise<void> =>
  inTurns(some, (written) => {
    some.delete(written)
    written.flush()
  })

/** Those of all connections. */
export const writes = new Writes()
