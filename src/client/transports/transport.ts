import type { ClientFrame } from '../../../schemas/frames.js'
import type { Event } from '../types.js'

/** The ways to listen, from the best. */
export const transportNames = ['websocket', 'sse', 'poll'] as const

export type TransportName = (typeof transportNames)[number]

/** The client's end of a connection: what a transport brings goes here. */
export interface Wire {
  /** Where the server is, without a slash at its end. */
  readonly url: string
  /** Where to go on; from now on without it. */
  readonly cursor: string | undefined
  /** Aborted when the connection is over, and is to be let go. */
  readonly signal: AbortSignal
  /** Something has come, if only a heartbeat. */
  heard(): void
  /** Takes an event, or an answer to a frame, as it came. */
  receive(json: string): void
  /** Takes an event. */
  take(event: Event): void
  /** All up to this cursor has come. */
  passed(cursor: string): void
  /** The server listens, too. */
  speaks(say: (frame: ClientFrame) => void): void
}

/**
 * Opens a connection, and resolves when it ends.
 * @throws {ChatRoomError} why it ends, or cannot be opened: `unexpected_answer` where that may be because of the transport
 */
export type Transport = (wire: Wire) => Promise<void>
