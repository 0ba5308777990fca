import type { Batch } from '../chat/ports.js'
import type { User } from '../chat/tables/users.js'
import { inTurns } from '../base/turns.js'
import { Deadlines } from './deadlines.js'
import type { Hub, Subscriber } from './hub.js'

/** Polls that are held until something happens. */
export class LongPolls {
  private readonly deadlines = new Deadlines()
  private readonly parked = new Set<() => void>()
  private closed = false

  constructor(private readonly hub: Hub) {}

  /**
   * Waits until something concerns the user, the time is over, the client has hung up, or the polls are closed.
   * @param ms How long at most.
   * @param hungUp Aborted when the client is gone.
   * @returns whether it is worth while to look and to wait again.
   */
  async wait(user: User, ms: number, hungUp?: AbortSignal): Promise<boolean> {
    if (ms <= 0 || this.isOver(hungUp)) return false
    await this.park(user, ms, hungUp)
    return !this.isOver(hungUp)
  }

  /** Lets go of everybody, some in a turn, and of those who come later at once. */
  close(): void {
    this.closed = true
    void inTurns(this.parked, (release) => release())
  }

  private isOver(hungUp: AbortSignal | undefined): boolean {
    return this.closed || hungUp?.aborted === true
  }

  private park(user: User, ms: number, hungUp: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const release = () => {
        cancel()
        hungUp?.removeEventListener('abort', release)
        this.hub.unsubscribe(listener)
        this.parked.delete(release)
        resolve()
      }
      const deliver = ({ events }: Batch) => {
        // What passes leaves no message.
        if (events.some(({ eventId }) => eventId !== undefined)) release()
      }
      const listener: Subscriber = { user, live: true, deliver, recheck: release }
      const cancel = this.deadlines.add(ms, release)
      hungUp?.addEventListener('abort', release)
      this.hub.subscribe(listener)
      this.parked.add(release)
    })
  }
}
