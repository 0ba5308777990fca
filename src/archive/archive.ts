import type { ChatState } from '../chat/chat-state.js'
import type { Projection } from '../chat/events.js'
import type { Archive } from '../chat/ports.js'
import type { RecentEvents } from './recent.js'

/**
 * A projection of the log for what memory should not hold: all messages, and what the state has come to, so that a start
 * reads the state and the log's tail alone. It follows the state at a short distance and knows to which entry it has come.
 */
export interface FollowingArchive extends Archive, Projection {
  /**
   * Brings an empty state to the entry that the archive has come to, with the latest messages in its memory. To be called
   * once, before anything else.
   */
  restore(state: ChatState): Promise<void>
  /** Where the log goes on behind what was restored; undefined where the position says it. */
  readonly cursor?: string | undefined
  /** The latest live events up to that entry, for those who come back. To be called before the state goes on. */
  recent(): Promise<RecentEvents>
  /** The entry up to which all is on disk. */
  readonly position: number
  /** Writes what there is. May be called twice. */
  close(): Promise<void>
}
