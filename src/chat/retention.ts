import type { Log } from '../log/log.js'
import type { ChatState } from './chat-state.js'
import type { History } from './history.js'

/** Milliseconds. */
const day = 86_400_000
/** The pause between two looks for old messages, in ms. */
const pause = 600_000

/** Deletes messages when they have been kept for as long as the server, or their room, says. */
export class Retention {
  private timer: NodeJS.Timeout | undefined

  /**
   * @param days For how long the server keeps messages; 0 is for ever.
   * @param now Gives the time, in ms since the epoch.
   * @param complain Told what it could not do; it is tried again.
   */
  constructor(
    private readonly state: ChatState,
    private readonly log: Log,
    private readonly history: History,
    private readonly days: number,
    private readonly now: () => number,
    private readonly complain: (error: unknown) => void,
  ) {}

  /** Deletes what is too old. */
  async expire(): Promise<void> {
    if (this.days > 0) {
      const upTo = await this.history.lastBefore(this.now() - this.days * day)
      if (upTo > this.state.expired) await this.log.append<'expire_messages'>({ type: 'expire_messages', up_to: upTo })
    }
    for (const retention of Array.from(this.state.rooms.retentions())) {
      const upTo = await this.history.lastBefore(this.now() - retention * day)
      if (upTo > 0 && this.state.rooms.hasOlder(retention, upTo))
        await this.log.append<'expire_messages'>({ type: 'expire_messages', up_to: upTo, retention })
    }
  }

  /** Deletes what is too old now, and from time to time, until {@link stop}. */
  async start(): Promise<void> {
    const expire = () => this.expire().catch(this.complain)
    this.timer = setInterval(() => void expire(), pause)
    this.timer.unref()
    await expire()
  }

  stop(): void {
    clearInterval(this.timer)
  }
}
