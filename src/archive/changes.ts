import type { ChatState } from '../chat/chat-state.js'
import { keptEvent, type Applied, type ExpiredMessages, type MessageChange } from '../chat/events.js'
import { keyIn, type Table } from '../chat/tables/table.js'
import type { Batch, RowBatch } from './archive-file.js'
import { eventJson } from './journal.js'
import type { ChangedMessage } from './message-writer.js'
import { NewMessages } from './new-messages.js'

/** What has changed in the state since these were begun. */
export class Changes {
  /** Of each table, the things that have changed, in the order in which they came or went, and whether they are gone. */
  private readonly tables = new Map<Table, Map<object, boolean>>()
  private readonly messages = new NewMessages()
  /** Messages that are not as they were, and are not new. */
  private readonly changedMessages = new Map<number, ChangedMessage>()
  /** The live events, but for those of new messages. */
  private journal = ''
  /** What is to be deleted once these are written. */
  readonly expired: ExpiredMessages[] = []
  /** How many changes there are, and the bytes of the messages among them. */
  size = 0
  bytes = 0

  constructor(private readonly state: ChatState) {}

  take({ position, at, changes, messages, expired, events }: Applied): void {
    this.size += 1 + changes.length + messages.length
    for (const { table, thing, isGone } of changes) this.note(table, thing, isGone)
    for (const message of messages) this.noteMessage(message, position)
    this.expired.push(...expired)
    for (const [index, event] of events.entries()) {
      if (messages.some(({ id, record }) => record === undefined && id === event.messageId)) continue
      const json = eventJson(keptEvent(event, { position, index, at }))
      this.bytes += json.length
      this.journal += json
    }
  }

  /** The newest message among them; undefined if there is none. */
  get newestMessage(): number | undefined {
    return this.messages.newest
  }

  /** What messages say that are not as they were, by id. */
  get changedRecords(): [id: number, record: string][] {
    return Array.from(this.changedMessages.values(), ({ id, record }) => [id, record])
  }

  /** All of it, as the archive takes it. Since the last was noted, the state may have gone on by entries that came to nothing. */
  batch(): Batch {
    const { state } = this
    return {
      server: JSON.stringify(state.server),
      cursor: state.cursor,
      position: state.position,
      time: state.time,
      tables: Array.from(this.tables, ([table, things]) => rowsOf(table, things)),
      messages: this.messages.run(state.messages),
      changedMessages: Array.from(this.changedMessages.values()),
      journal: this.journal,
    }
  }

  /** A thing that is gone may have made way for another of the same key: so it stands before that. */
  private note(table: Table, thing: object, isGone: boolean): void {
    let things = this.tables.get(table)
    if (!things) this.tables.set(table, (things = new Map()))
    things.set(thing, isGone)
  }

  private noteMessage(message: MessageChange, position: number): void {
    const { id, record } = message
    if (record === undefined) {
      this.bytes += this.state.messages.lengthOf(id)
      this.messages.add(message, position)
      return
    }
    this.bytes += record.length
    this.changedMessages.set(id, { id, record, position })
  }
}

function rowsOf(table: Table, things: ReadonlyMap<object, boolean>): RowBatch {
  const { name, part } = table
  return {
    table: name,
    rows: Array.from(things, ([thing, isGone]): RowBatch['rows'][number] => {
      const row = table.rowOf(thing)
      const sort = part ? Number((row as Record<string, unknown>)[part.sort]) : null
      return [keyIn(table, row), sort, isGone ? undefined : JSON.stringify(row)]
    }),
  }
}
