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

/** The events of neighbouring entries, as they are stored; there may be none. */
export interface JournalRow {
  /** The position that follows on that of the row before. */
  readonly first: number
  /** The position that the archive has come to with it. */
  readonly last: number
  /** The time of that entry. */
  readonly at: number
  /** Each as {@link eventJson} has it. */
  readonly entries: Uint8Array
  readonly checksum: number
}

/** An event as the element of a JSON array with the comma behind it: its members in order, those who are told last. */
export function eventJson({ position, index, at, targets, messageId, event }: JournalEvent): string {
  const what = messageId ?? (event ? JSON.stringify(event) : 'null')
  let told = ''
  for (const target of targets) told += `,${target}`
  return `[${position},${index},${at},${what}${told}],`
}

type Stored = [
  position: number,
  index: number,
  at: number,
  what: number | NonNullable<JournalEvent['event']> | null,
  ...targets: number[],
]

/** The events of a text that {@link eventJson} has made. */
export function eventsIn(entries: string): JournalEvent[] {
  return (JSON.parse(`[${entries.slice(0, -1)}]`) as Stored[]).map(([position, index, at, what, ...targets]) => {
    if (typeof what === 'number') return { position, index, at, targets, messageId: what }
    return what ? { position, index, at, targets, event: what } : { position, index, at, targets }
  })
}
