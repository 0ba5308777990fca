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

/**
 * Puts commands in one order, makes them durable, and hands every committed entry to `apply`, in that order, once.
 *
 * - Order: positions are those in which `apply` is called, on every node and on every replay.
 * - Durability: what `append` has answered is there after a crash, as far as the implementation keeps anything at all.
 * - Nobody is answered, and `apply` is not called, before the commit.
 * - Commits are in groups: what arrives while one is under way travels in the next.
 */
export interface Log {
  /** Replays what there is, then takes commands. To be called once, before anything else. */
  open(apply: Apply): Promise<void>
  /**
   * Appends a command. The promise settles with what `apply` said at the command's place.
   * @throws {ChatError} what `apply` threw: the entry is in the log and has changed nothing.
   * @throws {ChatError} log_unavailable: it is not in the log and never will be.
   */
  append<T extends Command['type']>(command: CommandOf<T>): Promise<Outcomes[T]>
  /** Whether commands can be written at present. */
  readonly available: boolean
  /** Commits what is under way; later commands fail with log_unavailable. May be called twice. */
  close(): Promise<void>
}
