/** The length of a window, in ms. */
const second = 1000

/** Counts frames in windows of a second. */
export class FrameRate {
  private current = 0
  private until = 0

  /** @param most Frames a second; 0 is no limit. */
  constructor(private readonly most: number) {}

  /** Counts one. @returns whether it is not one too many */
  count(): boolean {
    if (this.most === 0) return true
    const now = performance.now()
    if (now > this.until) {
      this.current = 0
      this.until = now + second
    }
    return ++this.current <= this.most
  }
}
