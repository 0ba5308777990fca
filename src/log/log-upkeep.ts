import type { Thread } from '../storage/thread.js'
import type { Window } from '../base/window.js'
import type { LogFile } from './log-file.js'

/** The pause between two looks at the file, and for entries to drop, in ms. */
const lookPauseMs = 10_000

interface UpkeepOptions {
  readonly window: Window
  readonly now: () => number
  /** Told when the file is gone, though nobody asks for anything. */
  readonly onGone: (error: Error) => void
}

/** What a log's file needs from time to time, until it is stopped. */
export class LogUpkeep {
  /** The last position that is not needed to recover. */
  private needless = 0
  /** The last position of what is kept for nobody. */
  private forgotten = 0
  private stopped = false
  private readonly timer: NodeJS.Timeout

  constructor(
    private readonly thread: Thread<LogFile>,
    private readonly options: UpkeepOptions,
  ) {
    this.timer = setInterval(() => {
      void this.look()
    }, lookPauseMs)
    this.timer.unref()
  }

  /** Ends it. What may not be kept is dropped before, if that can be written. */
  async end(): Promise<void> {
    clearInterval(this.timer)
    if (this.forgotten > 0) await this.prune()
    this.stopped = true
  }

  /** Drops what comes up to a position as soon as it is not needed. */
  forget(position: number): void {
    this.forgotten = Math.max(this.forgotten, position)
  }

  /** Says that nothing up to a position is needed. */
  release(position: number): void {
    const isAwaited = this.needless < this.forgotten
    this.needless = position
    // The others need not go at once.
    if (isAwaited) void this.prune()
  }

  async prune(): Promise<void> {
    const { window, now } = this.options
    try {
      while (
        !this.stopped &&
        (await this.thread.call('prune', this.needless, { ...window, forgotten: this.forgotten }, now()))
      );
    } catch {
      // What is not dropped now is dropped later.
    }
  }

  private async look(): Promise<void> {
    try {
      await this.thread.call('checkPlace')
    } catch (error) {
      this.options.onGone(error as Error)
    }
    await this.prune()
  }
}
