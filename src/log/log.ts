/** What an origin gives to a log, which only carries it. */
export interface Payload {
  readonly bytes: Uint8Array
  /** The id of the entry that it is to be, where an origin elsewhere has given it; else the log gives one. */
  readonly id?: string | undefined
}

/** By what an entry was written. */
export interface Writer {
  /** The version of the vocabulary to which the payload belongs. 0: the entry is from before vocabularies had versions. */
  readonly vocabulary: number
  /** The version of the program, for people. */
  readonly program: string
}

/** A payload at its place in the order. */
export interface Entry {
  /** From 1, without gaps. */
  readonly position: number
  /** When it was accepted, in ms since the epoch. It may be before that of the entry before: clocks are set. */
  readonly at: number
  /** Given by its origin; no other entry of the log has it. */
  readonly id: string
  /** Where the engine finds what comes after the entry. Only the engine can read it. */
  readonly cursor: string
  readonly writer: Writer
  /** Where this very log has appended the entry, the object that was given to {@link Log.append}. */
  readonly payload: Payload
}

/** An entry, as who reads the log remembers it. */
interface Place {
  readonly position: number
  /** Without one, the engine looks for the position. */
  readonly cursor?: string
}

/** Takes a committed entry and gives what it came to, a refusal included. What it throws is fatal: the log stops there. */
export type Apply = (entry: Entry) => unknown

export interface Opening {
  /** Who will append here. */
  readonly writer: Writer
  /** The entry up to which everything has been applied by other means. */
  readonly after?: Place
  /**
   * Awaited now and then, with the position that has been reached and the last that is known: it holds up the reading of what
   * was there before, and of what others append. What this log appends is held up by who appends.
   */
  readonly pause?: (position: number, newest: number) => Promise<void>
}

/** The entry is not in the log and never will be. */
export class LogUnavailable extends Error {
  override readonly name = 'LogUnavailable'
}

/** The engine has not said in time whether the entry is in the log. If it is, it is applied at its place all the same. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown'
}

/**
 * Puts payloads in one order, makes them durable, and hands every committed entry to `apply`, in that order, once.
 *
 * - Order: positions are those in which `apply` is called, on every node and on every replay.
 * - Durability: what `append` has answered is there after a crash, as far as the engine keeps anything at all.
 * - Nobody is answered, and `apply` is not called, before the commit.
 * - Commits are in groups: what arrives while one is under way travels in the next.
 */
export interface Log {
  /**
   * Replays what there is, then takes payloads. To be called once, before anything else.
   * @throws {DataError} if what there is cannot be read, or does not go on where `after` is
   */
  open(apply: Apply, opening: Opening): Promise<void>
  /**
   * Appends a payload. The promise settles with what `apply` said at the payload's place.
   * @throws {LogUnavailable}
   * @throws {OutcomeUnknown}
   */
  append(payload: Payload): Promise<unknown>
  /** What people know it by. */
  readonly name: string
  /** A random name; what is put back from a backup has another one. Known once it is open. */
  readonly epoch: string
  /** Whether payloads can be written at present. */
  readonly available: boolean
  /** Whether others append to it, too: then there may be committed entries that have not come here yet. */
  readonly isShared: boolean
  /** Entries that are known to be committed and have not been applied here yet. */
  readonly behind: number
  /**
   * Fulfilled when all that others had appended when this was called has been applied here, too; or, if that cannot be found
   * out soon, without it. It never rejects.
   */
  catchUp(): Promise<void>
  /** Says that the entries up to this one are not needed to recover: they may be dropped. */
  release(position: number): void
  /** Says that entries up to this one may not be kept for anybody, once they are not needed to recover. */
  forget(position: number): void
  /** Commits what is under way; later payloads fail with {@link LogUnavailable}. May be called twice. */
  drain(): Promise<void>
  /** Drains it, drops what nobody needs any more and may not be kept, and ends it. May be called twice. */
  close(): Promise<void>
}
