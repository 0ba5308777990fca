import { commands } from './acts.js'
import { ChatData } from './chat-data.js'
import type { CommandEntry } from './command-log.js'
import type { Applied } from './events.js'
import type { Table } from './tables/table.js'

/** What is declared: the tables of a chat in which there is nothing. */
export const declaredTables = (): readonly Table[] => new ChatData(0).tables

/**
 * What the chat is. It changes by {@link apply} alone, which is deterministic: no clock, no randomness, no I/O, and nothing
 * that depends on how much of it is in memory. Two states that were given the same entries have the same {@link facts}.
 */
export class ChatState extends ChatData {
  private source: CommandEntry['source']

  /** Where the log goes on behind {@link position}, as its engine says it; undefined if no entry has been applied. */
  get cursor(): string | undefined {
    return this.source?.cursor
  }

  /**
   * @throws {ChatError} if the command is not valid at its place; nothing but {@link time} and {@link position} has
   * changed then.
   */
  apply({ position, at, command, source }: CommandEntry): Applied {
    this.position = position
    this.source = source
    if (at > this.time) this.time = at
    const kind = commands.get(command.type)
    if (!kind) throw new TypeError(`nobody applies ${command.type}`)
    const outcome = kind.apply(this, command as never)
    const { events, changedMessages: messages, expiredMessages: expired } = this
    if (events.length > 0) this.events = []
    if (messages.length > 0) this.changedMessages = []
    if (expired.length > 0) this.expiredMessages = []
    return { position, at: this.time, outcome, changes: this.changes.take(), messages, expired, events }
  }
}
