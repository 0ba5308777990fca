import { MessageChangeRowSchema, type MessageChangeRow } from '../../../schemas/rows.js'
import type { ChangeList, Table } from './table.js'

/** Messages that are remembered. */
const most = 10_000

/**
 * Which messages were changed lately, and by which entry: so a command that speaks of a message that is on the disk can be
 * refused where that is not any more as it was read.
 */
export class MessageChanges implements Table<MessageChangeRow, MessageChangeRow> {
  readonly name = 'message_changes'
  readonly noun = 'change of message'
  readonly schema = MessageChangeRowSchema
  readonly key = ['message']
  readonly refersTo = []
  /** The latest last. */
  private readonly byMessage = new Map<number, MessageChangeRow>()

  constructor(private readonly changes: ChangeList) {}

  get count(): number {
    return this.byMessage.size
  }

  /** Whether a message may have been changed by an entry behind this position. */
  mayHaveChanged(message: number, position: number): boolean {
    const change = this.byMessage.get(message)
    if (change) return change.position > position
    const [oldest] = this.byMessage.values()
    return this.byMessage.size === most && oldest !== undefined && oldest.position > position
  }

  note(message: number, position: number): void {
    this.byMessage.delete(message)
    const row = { message, position }
    this.byMessage.set(message, row)
    this.changes.put(this, row)
    if (this.byMessage.size <= most) return
    const [oldest] = this.byMessage.values()
    if (!oldest) return
    this.byMessage.delete(oldest.message)
    this.changes.remove(this, oldest)
  }

  things(): Iterable<MessageChangeRow> {
    return this.byMessage.values()
  }

  rowOf(row: MessageChangeRow): MessageChangeRow {
    return row
  }

  load(row: MessageChangeRow): void {
    this.byMessage.set(row.message, row)
  }

  loaded(): void {
    const rows = Array.from(this.byMessage.values()).sort((one, other) => one.position - other.position)
    this.byMessage.clear()
    for (const row of rows) this.byMessage.set(row.message, row)
  }
}
