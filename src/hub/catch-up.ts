import { fixed } from '../../schemas/limits.js'
import { inTurns } from '../base/turns.js'
import { Deadlines } from './deadlines.js'

/** Goes on, and says whether the entry has come. */
type GoOn = (hasCome: boolean) => void

/**
 * Those who wait for an entry that this node does not have yet. Positions have no gaps, so who waits for one is found by it:
 * an entry for which nobody waits costs a look.
 */
export class CatchUp {
  private readonly deadlines = new Deadlines()
  /** By the position of the entry. */
  private readonly waiting = new Map<number, Set<GoOn>>()
  private isClosed = false

  /** @param longestMs How long anybody waits. */
  constructor(private readonly longestMs = fixed.catchUp * 1000) {}

  /**
   * Waits until the entry at a position, which is not here yet, has been applied.
   * @param hungUp Aborted when the client is gone.
   * @returns whether it has
   */
  wait(position: number, hungUp: AbortSignal): Promise<boolean> {
    if (this.isClosed || hungUp.aborted) return Promise.resolve(false)
    const those = this.waiting.get(position) ?? new Set()
    this.waiting.set(position, those)
    return new Promise((resolve) => {
      const goOn = (hasCome: boolean): void => {
        cancel()
        hungUp.removeEventListener('abort', giveUp)
        those.delete(goOn)
        if (those.size === 0 && this.waiting.get(position) === those) this.waiting.delete(position)
        resolve(hasCome)
      }
      const giveUp = (): void => goOn(false)
      const cancel = this.deadlines.add(this.longestMs, giveUp)
      hungUp.addEventListener('abort', giveUp)
      those.add(goOn)
    })
  }

  /** The entry at a position has been applied. */
  reach(position: number): void {
    const those = this.waiting.get(position)
    if (!those) return
    this.waiting.delete(position)
    void inTurns(those, (goOn) => goOn(true))
  }

  /** Lets go of everybody, and of those who come later at once. */
  close(): void {
    this.isClosed = true
    for (const those of this.waiting.values()) void inTurns(those, (goOn) => goOn(false))
  }
}
