export interface CatchUpOptions {
  /** Asks how far the log has come by now: a number that grows with it. */
  readonly askEnd: () => Promise<number>
  /** How far all has been applied here, by the same count. */
  readonly applied: () => number
  /** How long a round takes at most, in ms. */
  readonly longestMs: number
}

/**
 * Comes to where a log ends that others append to. Those who ask while a round is under way have the next one together: what
 * they need may have been appended after this one has asked. So however many ask, there is one question at a time.
 */
export class CatchUpRounds {
  private current: Promise<void> | undefined
  private following: Promise<void> | undefined
  private onApplied: () => void = () => undefined

  constructor(private readonly options: CatchUpOptions) {}

  /** Fulfilled when all that was in the log when this was called has been applied, or when that takes too long. */
  join(): Promise<void> {
    if (!this.current) return (this.current = this.run())
    this.following ??= this.current.then(() => {
      this.following = undefined
      return this.join()
    })
    return this.following
  }

  /** More has been applied, or nothing more will be. */
  look(): void {
    this.onApplied()
  }

  private async run(): Promise<void> {
    let giveUp: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      giveUp = setTimeout(resolve, this.options.longestMs)
    })
    await Promise.race([this.comeToEnd(), late]).catch(() => undefined)
    clearTimeout(giveUp)
    this.current = undefined
  }

  private async comeToEnd(): Promise<void> {
    const end = await this.options.askEnd()
    if (this.options.applied() >= end) return
    await new Promise<void>((resolve) => {
      this.onApplied = () => {
        if (this.options.applied() >= end) resolve()
      }
    })
  }
}
