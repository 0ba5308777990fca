/** How often it is looked whether something was heard, in ms. */
const lookMs = 500

/** Notices that nothing has been heard for too long, and that something is heard again. */
export class Silence {
  isSilent = false
  private heardAt = performance.now()
  private readonly timer: NodeJS.Timeout

  /**
   * @param isExpected Whether nothing can be heard at present, since nothing is asked for.
   * @param onChange Told when it begins and when it ends.
   */
  constructor(
    private readonly mostMs: number,
    private readonly isExpected: () => boolean,
    private readonly onChange: () => void,
  ) {
    this.timer = setInterval(() => {
      if (this.isExpected()) this.hear()
      else if (performance.now() - this.heardAt > this.mostMs) this.set(true)
    }, lookMs)
  }

  hear(): void {
    this.heardAt = performance.now()
    if (this.isSilent) this.set(false)
  }

  end(): void {
    clearInterval(this.timer)
  }

  private set(isSilent: boolean): void {
    if (isSilent === this.isSilent) return
    this.isSilent = isSilent
    this.onChange()
  }
}
