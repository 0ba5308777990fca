import type { Command, CommandOf } from '../../schemas/commands.js'
import type { ChatData } from './chat-data.js'

/** A command: what the log has of an act, and what it does to the state, on each node and on each replay. */
export interface CommandKind<T extends Command['type'], R> {
  readonly type: T
  /** @throws {ChatError} if it is not valid at its place; then it has changed nothing */
  apply(state: ChatData, command: CommandOf<T>): R
}

/** One of them, whichever it is. */
export interface AnyCommandKind {
  readonly type: string
  apply(state: ChatData, command: never): unknown
}

export const command = <T extends Command['type'], R>(
  type: T,
  apply: (state: ChatData, command: CommandOf<T>) => R,
): CommandKind<T, R> => ({ type, apply })

/** Puts a command into the log. The promise settles with what it came to. */
export type Append = <T extends Command['type'], R>(
  kind: CommandKind<T, R>,
  fields: Omit<CommandOf<T>, 'type'>,
) => Promise<R>
