import type { Thread } from '../storage/thread.js'
import type { LogFile, Window } from './log-file.js'

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
  needless = 0
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

  stop(): void {
    this.stopped = true
    clearInterval(this.timer)
  }

  async prune(): Promise<void> {
    const { window, now } = this.options
    try {
      while (!this.stopped && (await this.thread.call('prune', this.needless, window, now())));
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
