import type { KeptEvent } from '../chat/events.js'

/** The events of neighbouring entries, as they are stored; there may be none. Those of new messages are in the rows of these. */
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

interface What {
  readonly type: string
  readonly message?: number
  readonly body?: object
}

/** An event as the element of a JSON array with the comma behind it: its members in order, those who are told last. */
export function eventJson({ position, index, at, targets, type, messageId, body }: KeptEvent): string {
  const what: What = { type, ...(messageId !== undefined && { message: messageId }), ...(body && { body }) }
  return `${JSON.stringify([position, index, at, what, ...targets])},`
}

type Stored = [position: number, index: number, at: number, what: What, ...targets: number[]]

/** The events of a text that {@link eventJson} has made. */
export const eventsIn = (entries: string): KeptEvent[] =>
  (JSON.parse(`[${entries.slice(0, -1)}]`) as Stored[]).map(
    ([position, index, at, { type, message: messageId, body }, ...targets]) => ({
      position,
      index,
      at,
      targets,
      type,
      ...(messageId !== undefined && { messageId }),
      ...(body && { body }),
    }),
  )
