/** A live event that is in the log, as it is kept for those who come back. */
export interface JournalEvent {
  /** The position of its entry. */
  readonly position: number
  /** Its place among the events of the entry, from 0. */
  readonly index: number
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Who is told: numbers of users, and minus the numbers of rooms; none is everybody. */
  readonly targets: readonly number[]
  /** The id of the message that it tells of, … */
  readonly messageId?: number
  /** … or else what it says: the members of its JSON object after `type`, `event_id` and `at`, with the type. */
  readonly event?: { readonly type: string; readonly [member: string]: unknown }
}
