import type { SentRecord } from '../../schemas/records.js'
import type { ChatEvent } from '../chat/events.js'
import type { ChatState } from '../chat/chat-state.js'
import type { Part, Range } from './archive-reader.js'
import type { JournalEvent } from './journal.js'
import type { RecentEvents } from './recent.js'

/**
 * A projection of the log for what memory should not hold: all messages, and what the state has come to, so that a start
 * reads the state and the log's tail alone. It follows the state at a short distance and knows to which entry it has come.
 */
export interface Archive {
  /**
   * Brings an empty state to the entry that the archive has come to, with the latest messages in its memory. To be called
   * once, before anything else.
   */
  restore(state: ChatState): Promise<void>
  /** The latest live events up to that entry, for those who come back. To be called before the state goes on. */
  recent(): Promise<RecentEvents>
  /** Takes in what has happened. The state is at the entry that it has happened in, or later. */
  note(event: ChatEvent): void
  /** Takes in a live event of the entry of which something was noted last. */
  noteLive(event: JournalEvent): void
  /** The entry up to which all is on disk. */
  readonly position: number
  /** Whether it can be written at present. */
  readonly available: boolean
  /** Whether it is so far behind that nothing should be added. */
  readonly full: boolean
  /** Waits until it is not. @throws {ChatError} log_unavailable if it cannot be written */
  room(): Promise<void>
  /**
   * The oldest messages of a range, all of which are older than the state's memory.
   * @param viewer The number of the user who reads, who sees the `client_id` of what was his.
   * @param range Asked for when the user's turn has come: before, others may have theirs.
   * @throws {ChatError} rate_limited if too many reads of the user wait for their turn
   */
  page(viewer: number, range: () => Range): Promise<Part>
  /** For each of these times, in ms since the epoch, the newest message that was accepted before it. */
  lastBefore(times: readonly number[]): Promise<number[]>
  /** What was answered to a user's send with this `client_id`, today or the day before. It waits for no page. */
  sent(sender: number, clientId: string, now: number): Promise<SentRecord | undefined>
  /** Writes what there is. May be called twice. */
  close(): Promise<void>
}
