import type { Command, CommandOf } from '../../schemas/commands.js'
import type { Outcomes } from '../chat/apply/outcomes.js'

/** A command at its place in the order. */
export interface Entry<C extends Command = Command> {
  /** From 1, without gaps. */
  readonly position: number
  /** When it was accepted, in ms since the epoch. It may be before that of the entry before: clocks are set. */
  readonly at: number
  readonly command: C
}

/** Takes a committed entry into the state and gives what it came to. @throws {ChatError} if it is not valid at its place */
export type Apply = (entry: Entry) => unknown

/** How what is there is replayed. */
export interface Replay {
  /** The position that the state has come to by other means; 0 is none. */
  readonly after?: number
  /** Awaited now and then, with the position that has been reached and the last: it can hold the replay up. */
  readonly pause?: (position: number, newest: number) => Promise<void>
}

/**
 * Puts commands in one order, makes them durable, and hands every committed entry to `apply`, in that order, once.
 *
 * - Order: positions are those in which `apply` is called, on every node and on every replay.
 * - Durability: what `append` has answered is there after a crash, as far as the implementation keeps anything at all.
 * - Nobody is answered, and `apply` is not called, before the commit.
 * - Commits are in groups: what arrives while one is under way travels in the next.
 */
export interface Log {
  /**
   * Replays what there is, then takes commands. To be called once, before anything else.
   * @throws {DataError} if what there is cannot be read, or does not go on where the state is
   */
  open(apply: Apply, replay?: Replay): Promise<void>
  /**
   * Appends a command. The promise settles with what `apply` said at the command's place.
   * @throws {ChatError} what `apply` threw: the entry is in the log and has changed nothing.
   * @throws {ChatError} log_unavailable: it is not in the log and never will be.
   */
  append<T extends Command['type']>(command: CommandOf<T>): Promise<Outcomes[T]>
  /** A random name; what is put back from a backup has another one. Known once it is open. */
  readonly epoch: string
  /** Whether commands can be written at present. */
  readonly available: boolean
  /** Says that the entries up to this one are not needed to recover: they may be dropped. */
  release(position: number): void
  /** Commits what is under way; later commands fail with log_unavailable. May be called twice. */
  close(): Promise<void>
}
