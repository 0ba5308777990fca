import { command, type Append } from '../command.js'
import type { ChatData } from '../chat-data.js'
import { targetOf } from '../tables/rooms.js'
import type { History } from './history.js'

/** Milliseconds. */
const day = 86_400_000
/** The pause between two looks for old messages, in ms. */
const pause = 600_000
/** Times of keeping that are looked at together: each has its own look into the archive, where others wait for their pages. */
const together = 100

/** Deletes old messages, everywhere or in the rooms that keep them for so many days. */
export const expireMessages = command('expire_messages', (state, { up_to: upTo, retention }) => {
  if (retention === undefined) {
    if (upTo <= state.expired) return
    state.expired = upTo
    state.messages.forget(upTo)
    state.noteExpired({ upTo })
    return
  }
  const rooms = [...state.rooms.keeping(retention)].filter(
    ({ messages }) => upTo > messages.expired && messages.newest > messages.expired,
  )
  for (const room of rooms) {
    room.messages.expire(upTo)
    state.rooms.change(room)
  }
  if (rooms.length > 0) state.noteExpired({ upTo, targets: rooms.map(targetOf) })
})

/** Deletes messages when they have been kept for as long as the server, or their room, says. */
export class Retention {
  private timer: NodeJS.Timeout | undefined

  /**
   * @param days For how long the server keeps messages; 0 is for ever.
   * @param now Gives the time up to which the clock is trusted, in ms since the epoch.
   * @param complain Told what it could not do; it is tried again.
   */
  constructor(
    private readonly state: ChatData,
    private readonly append: Append,
    private readonly history: History,
    private readonly days: number,
    private readonly now: () => number,
    private readonly complain: (error: unknown) => void,
  ) {}

  /** Deletes what is too old. */
  async expire(): Promise<void> {
    if (this.days > 0) {
      const [upTo = 0] = await this.lastBefore([this.days])
      if (upTo > this.state.expired) await this.append(expireMessages, { up_to: upTo })
    }
    await this.expireOfRooms()
  }

  /** The shortest first: where nothing is older than that, nothing is older than what comes after. */
  private async expireOfRooms(): Promise<void> {
    const { rooms, messages } = this.state
    const retentions = Array.from(rooms.retentions()).sort((one, other) => one - other)
    for (let [start, most] = [0, messages.newest]; start < retentions.length && most > 0; start += together) {
      const some = retentions.slice(start, start + together).filter((days) => rooms.hasOlder(days, most))
      const found = await this.lastBefore(some)
      await this.expireEach(some.map((retention, index) => [retention, found[index] ?? 0]))
      most = found.at(-1) ?? most
    }
  }

  /** As one write of the log. */
  private async expireEach(found: readonly (readonly [retention: number, upTo: number])[]): Promise<void> {
    const those = found.filter(([retention, upTo]) => upTo > 0 && this.state.rooms.hasOlder(retention, upTo))
    await Promise.all(those.map(([retention, upTo]) => this.append(expireMessages, { up_to: upTo, retention })))
  }

  private async lastBefore(retentions: readonly number[]): Promise<readonly number[]> {
    const now = this.now()
    return this.history.lastBefore(retentions.map((days) => now - days * day))
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
