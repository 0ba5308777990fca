import type { CloseReason } from '../../schemas/close-codes.js'
import type { SentRow } from '../../schemas/rows.js'
import type { Credentials } from './access.js'
import type { MessageFacts } from './messages/message-json.js'
import type { Room } from './tables/rooms.js'
import type { User } from './tables/users.js'

/** What the core needs of those that it does not know: the messages that are not in memory, and those who listen. */

/** A conversation of which messages are asked for. */
export interface Target {
  /** The number of the user, or minus the number of the room. */
  readonly target: number
  readonly after: number
  /** Its newest message before the end of the range. */
  readonly newest: number
}

/** Which messages are asked for. */
export interface Range {
  readonly targets: readonly Target[]
  readonly before: number
  readonly limit: number
  /** The bytes of all records together at most, unless one alone has more. */
  readonly bytes: number
}

export interface Part {
  /** The messages as elements of a JSON array, each with a comma behind it. */
  readonly records: Uint8Array
  /** The id of the last; undefined if there is none. */
  readonly last: number | undefined
  readonly count: number
  /** Whether there are more of them in the range. */
  readonly more: boolean
}

/** Where the messages of a conversation are: those to a target, of one sender where it is a user. */
export interface Source {
  readonly target: number
  readonly sender?: number
}

/** Which messages of a conversation are asked for: those behind one, or before one and the newest of them. */
export interface Neighbours {
  readonly sources: readonly Source[]
  readonly after: number
  readonly before: number
  readonly newest: boolean
  readonly limit: number
  /** The bytes of all records together at most, unless one alone has more. */
  readonly bytes: number
}

export interface ArchivedMessage {
  readonly facts: MessageFacts
  /** What all readers see: a JSON object. */
  readonly record: Uint8Array
  readonly readAt: number
}

/** Messages, also those that memory has no more. */
export interface Archive {
  /** Whether it is so far behind that nothing should be added. */
  readonly full: boolean
  /** Whether it can be written at present. */
  readonly available: boolean
  /** Waits until it is not full. @throws {ChatError} log_unavailable if it cannot be written */
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
  /**
   * The messages of a conversation next to one of them, as many as may be, the oldest first.
   * @param viewer As of {@link page}.
   */
  neighbours(viewer: number, range: Neighbours): Promise<Part>
  /** A message, and the position of an entry up to which nothing has changed it that the archive does not have. */
  message(viewer: number, id: number): Promise<ArchivedMessage | undefined>
  /** What was answered to a user's send with this `client_id`, if that was behind a time. It waits for no page. */
  sent(sender: number, clientId: string, after: number): Promise<SentRow | undefined>
}

/** Puts an event into the form of a transport. */
export interface Framing {
  /** From 0, each its own: an event remembers its bytes by it. */
  readonly number: number
  frame(json: Buffer, eventId: string | undefined): Buffer
}

/** An event as it goes to clients. */
export interface LiveEvent {
  readonly json: Buffer
  /** Its cursor; a passing event has none. */
  readonly eventId?: string | undefined
  as(framing: Framing): Buffer
}

/** Events that go out together. */
export interface Batch {
  readonly events: readonly LiveEvent[]
  as(framing: Framing): Buffer
}

/** Where a listener's events go: a connection, which is all that the chat knows of it. */
export interface Sink {
  /** Takes events, in order. It may close from within. */
  take(batch: Batch): void
  /** Whether it wants more of a backlog now; if not, it calls {@link Subscription.resume} when it does. */
  readonly hasRoom: boolean
  /** Ends what is to be ended from here; the sink calls {@link Subscription.end} whenever it has ended. */
  close(reason: CloseReason): void
}

/** Who listens. */
export interface Caller {
  readonly user: User
  readonly credentials: Credentials
}

/** How somebody begins to listen. */
export interface Beginning {
  /** Where to go on; from now on without it. */
  readonly lastEventId?: string | undefined
  /** What `hello` says besides; without it, there is no `hello`. */
  readonly hello?: { readonly heartbeat_seconds: number } | undefined
}

/** Somebody who listens. */
export interface Subscription {
  /** Goes on with the backlog, if there is one. */
  resume(): void
  /** Gives what has been told, and then the cursor behind it. */
  settle(): string
  /** Ends it; to end it twice is harmless. */
  end(): void
}

/** Somebody who waits for an answer. */
export interface Asker {
  /** Aborted when the client is gone; made when it is asked for. */
  readonly signal: AbortSignal
}

/** Those who listen. */
export interface Live {
  /** The cursor behind all that has been applied here. */
  readonly cursor: string
  /**
   * Waits until all up to a cursor has been applied here, which another node may have given: for some seconds, unless the
   * client hangs up or nobody may wait any more. There is nothing to wait for where it is of another log, or where nobody
   * else writes to the log.
   * @returns whether there is nothing more to wait for
   */
  comeTo(cursor: string, asker: Asker): true | Promise<boolean>
  /** Whether anybody listens as the user, or to the room. */
  hears(to: User | Room): boolean
  isConnected(user: User): boolean
  /** Begins to listen. The user must be one that the credentials may act as. */
  listen(caller: Caller, beginning: Beginning, sink: Sink): Subscription
  /** Tells those who listen in a conversation that somebody is typing there. */
  showTyping(user: User, to: User | Room): void
  /**
   * Waits until something concerns the user, the time is over, the client has hung up, or nobody may wait any more.
   * @returns whether it is worth while to look and to wait again
   */
  wait(user: User, ms: number, hungUp?: AbortSignal): Promise<boolean>
  /** Answers those who wait; nobody is made to wait from here on. May be called twice. */
  releasePolls(): void
  close(): void
}
