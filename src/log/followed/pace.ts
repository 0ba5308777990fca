import type { Follower } from './follower.js'

/** Whoever is further behind than this is not waited for, in ms. */
const patienceMs = 250

interface Waiter {
  readonly position: number
  readonly resolve: () => void
}

/** Waits until those who follow have come somewhere, but for those who do not keep pace. */
export class Pace {
  /** By position. */
  private waiting: Waiter[] = []
  private timer: NodeJS.Timeout | undefined

  /** @param applied Says the position that the owner has come to. */
  constructor(
    private readonly followers: ReadonlySet<Follower>,
    private readonly applied: () => number,
  ) {}

  /** Waits until all who keep pace have applied what comes up to a position. */
  reach(position: number): Promise<void> | undefined {
    this.settle()
    if (this.leastWithout(undefined) >= position) return undefined
    return new Promise((resolve) => this.waiting.push({ position, resolve }))
  }

  /** Lets go of those who need wait no more, here and there. */
  settle(): void {
    const least = this.leastWithout(undefined)
    let count = 0
    for (const { position, resolve } of this.waiting) {
      if (position > least) break
      resolve()
      count++
    }
    this.waiting.splice(0, count)
    for (const follower of this.followers) follower.settle(Math.min(this.applied(), this.leastWithout(follower)))
    if (this.isAnyBehind()) this.watch()
  }

  /** Whoever does not come in time to where the owner is now is waited for no more; whoever does is, however much comes. */
  private watch(): void {
    if (this.timer) return
    const due = this.applied()
    this.timer = setTimeout(() => {
      this.timer = undefined
      for (const follower of this.followers) follower.judge(due)
      this.settle()
    }, patienceMs).unref()
  }

  private isAnyBehind(): boolean {
    for (const { applied } of this.followers) if (applied < this.applied()) return true
    return false
  }

  /** What all have applied who keep pace, one of them left out. */
  private leastWithout(one: Follower | undefined): number {
    let least = Infinity
    for (const follower of this.followers)
      if (follower !== one && follower.keepsPace) least = Math.min(least, follower.applied)
    return least
  }
}
