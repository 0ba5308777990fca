import { command, type Append } from '../command.js'
import type { ChatData } from '../chat-data.js'

/** Milliseconds. */
const day = 86_400_000
/** A clock that is further from what is known may be wrong, in ms; less is for nobody to ask about. */
const doubtful = 7 * day
/** The pause between two looks at it, in ms. */
const pause = 10_000

export interface ClockOptions {
  /** Gives the time, in ms since the epoch. */
  readonly now: () => number
  /** Whether somebody says that it is right. */
  readonly isRight: boolean
  /** Told when it has leapt, in words. */
  readonly warn: (message: string) => void
}

/** Notes since when the clock is in doubt; where it had been ahead, time goes back to what is right. */
export const judgeClock = command('judge_clock', (state, { doubted_since: doubtedSince, time }) => {
  state.clockDoubtedSince = doubtedSince
  if (time === undefined || time >= state.time) return
  state.latestTime = Math.max(state.latestTime, state.time)
  state.time = time
  for (const user of state.users.things())
    if (user.seenAt > time) {
      user.seenAt = time
      state.users.change(user)
    }
  state.sessions.goBack(time)
})

/**
 * The time up to which the clock is trusted, in ms since the epoch: nothing is deleted, and no session expires, for what it
 * says beyond.
 */
export const trustedTime = ({ clockDoubtedSince: since = Infinity }: ChatData, now: number): number =>
  Math.min(now, since + doubtful)

/**
 * Judges the machine's clock, which may be a year ahead when a machine starts. Nobody can know that from within; so a leap is
 * noted in the log, and told. Until somebody says that it was right, nothing is deleted for what the clock says since then; and
 * when the clock goes back to where it can have been right, so does the time of the chat.
 */
export class Clock {
  private timer: NodeJS.Timeout | undefined
  /** What it said at the last look, less the time that has passed since the process began. */
  private offset: number | undefined

  constructor(
    private readonly state: ChatData,
    private readonly append: Append,
    private readonly options: ClockOptions,
  ) {}

  /** Judges it now, and from time to time, until {@link stop}. */
  async start(): Promise<void> {
    if (this.options.isRight && this.state.clockDoubtedSince !== undefined) await this.append(judgeClock, {})
    await this.judge(this.options.isRight ? this.options.now() : this.state.time)
    this.timer = setInterval(() => {
      // What cannot be noted now is noted at the next look.
      this.judge(performance.now() + (this.offset ?? 0)).catch(() => undefined)
    }, pause)
    this.timer.unref()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** @param expected What it would say if it had not leapt, in ms since the epoch. */
  private async judge(expected: number): Promise<void> {
    const now = this.options.now()
    const { time, clockDoubtedSince: since } = this.state
    if (since !== undefined && now >= since && now < time - doubtful) {
      await this.append(judgeClock, { time: now })
      this.options.warn(`The clock was ahead, and says ${iso(now)} now; times go on from there.`)
    } else if (time > 0 && since === undefined && now > expected + doubtful) {
      await this.append(judgeClock, { doubted_since: Math.floor(expected) })
      this.options.warn(leapt(now, expected))
    } else if (since !== undefined && this.offset === undefined) this.options.warn(leapt(now, since))
    this.offset = now - performance.now()
  }
}

const iso = (time: number): string => new Date(time).toISOString()

const leapt = (now: number, since: number): string =>
  `The clock says ${iso(now)}, but the chat was at ${iso(since)} last. If the clock is wrong, set it right. If it is right, start once with --yes: until then no message is deleted for its age that would not be at ${iso(since + doubtful)}.`
