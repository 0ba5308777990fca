import type { MessageRecord, SentRow, ServerRecord } from '../../schemas/rows.js'
import { declaredTables } from '../chat/chat-state.js'
import { keyIn, type RowRules, type Table } from '../chat/tables/table.js'
import { MessageChecker, type KeptMessage } from './message-checker.js'
import type { KeptRecord } from './record-shapes.js'
import { messageRows, rowKinds, serverRow } from './rows.js'

/** Hears what is wrong. */
export type Tell = (problem: string) => void

const order = rowKinds.map(({ member }) => member)

/** What is remembered of a table while its rows come. */
interface Seen {
  readonly table: Table
  /** Of one that is in memory as a whole. */
  readonly keys: Set<string>
  rules: RowRules<object> | undefined
}

/**
 * Holds records of a known shape to each other, as they come: what is said of all, the rows of each table, messages. Messages
 * may be missing, as far as a server deletes old ones: each conversation from its front.
 */
export class RecordChecker {
  private server: ServerRecord | undefined
  private readonly tables: ReadonlyMap<string, Seen>
  private readonly messages: MessageChecker
  /** The kind that came last, by its place in the order. */
  private last = -1

  /**
   * @param tell Hears of each problem before the next record is checked.
   * @param messageOf Looks up a message that came before.
   */
  constructor(
    private readonly tell: Tell,
    messageOf: (id: number) => KeptMessage | undefined,
  ) {
    this.messages = new MessageChecker(tell, messageOf)
    this.tables = new Map(
      declaredTables().map((table): [string, Seen] => [table.name, { table, keys: new Set(), rules: undefined }]),
    )
  }

  check({ kind, value }: KeptRecord): void {
    const place = order.indexOf(kind)
    if (place < this.last) this.tell(`a line of ${kind} comes after one of ${order[this.last]}`)
    if (place > 0 && !this.server) this.tell('what is said of the server does not come first')
    for (; this.last < place; this.last++) this.endOf(order[this.last])
    if (kind === serverRow.member) this.checkServer(value as ServerRecord)
    else if (kind === messageRows.member) this.messages.checkMessage(value as MessageRecord, this.known)
    else this.checkRow(kind, value)
  }

  /** To be called when there are no more. */
  end(): void {
    if (!this.server) this.tell('what is said of the server is missing')
    for (; this.last < order.length; this.last++) this.endOf(order[this.last])
  }

  private checkServer(server: ServerRecord): void {
    if (this.server) this.tell('what is said of the server comes twice')
    this.server = server
    const { expired, keys_since = 0, skipped, newest_message: newest } = server
    if (Math.max(expired, keys_since, skipped?.to ?? 0) > newest)
      this.tell(`its newest message is ${newest}, but it says more of those behind`)
    if (skipped && skipped.after > skipped.to) this.tell('the ids that it has passed over end before they begin')
  }

  private checkRow(name: string, row: object): void {
    const seen = this.tables.get(name)
    if (!seen) return
    const { table, keys } = seen
    const key = keyIn(table, row)
    if (!table.part) {
      if (keys.has(key)) this.tell(`${table.noun} ${key} comes twice`)
      keys.add(key)
    }
    for (const { member, table: other } of table.refersTo) {
      const named = String((row as Record<string, unknown>)[member])
      if (this.tables.get(other)?.keys.has(named) !== true) this.tell(`its ${member} ${named} is not there`)
    }
    seen.rules ??= table.rules?.(this.known)
    for (const problem of seen.rules?.problems(row) ?? []) this.tell(problem)
    this.messages.note(name, row)
    if (name === 'sent') this.messages.checkSent(row as SentRow, this.known)
  }

  private get known(): ServerRecord {
    return this.server ?? nothing
  }

  private endOf(kind: string | undefined): void {
    if (kind === messageRows.member) this.messages.endOfMessages()
    const { table, keys, rules } = this.tables.get(kind ?? '') ?? {}
    if (!table) return
    for (const problem of rules?.atEnd?.() ?? []) this.tell(problem)
    const said = this.known.rows[table.name]
    if (!table.part && said !== undefined && said !== keys?.size)
      this.tell(`there are ${keys?.size ?? 0} ${table.name}, but the server says ${said}`)
  }
}

const nothing: ServerRecord = {
  position: 0,
  time: 0,
  bounds: { users: 0, sessions_per_user: 0, rooms_per_user: 0, room_members: 0, memberships: 0, idempotency_keys: 0 },
  newest_user: 0,
  newest_room: 0,
  newest_message: 0,
  expired: 0,
  rows: {},
}
