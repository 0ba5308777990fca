import type { Bounds } from '../../schemas/commands.js'
import type { ServerRecord } from '../../schemas/rows.js'
import type { ChatEvent, ExpiredMessages, MessageChange } from './events.js'
import { DirectLists } from './messages/direct-lists.js'
import type { MessageFacts } from './messages/message-json.js'
import { MessageStore } from './messages/message-store.js'
import { AnnouncementTable } from './tables/announcement.js'
import { Members } from './tables/members.js'
import { MessageChanges } from './tables/message-changes.js'
import { Rooms } from './tables/rooms.js'
import { sameContent, SentKeys, type Sent } from './tables/sent-keys.js'
import { Sessions } from './tables/sessions.js'
import { ChangeList, type Table } from './tables/table.js'
import { Users, type User } from './tables/users.js'

/** Until the log says otherwise. */
const most = Number.MAX_SAFE_INTEGER
const unbounded: Bounds = {
  users: most,
  sessions_per_user: most,
  rooms_per_user: most,
  room_members: most,
  memberships: most,
  idempotency_keys: most,
}

/** What the chat is: the tables, and the log of messages, of which the latest are in memory. Commands alone change it. */
export class ChatData {
  readonly bounds: Bounds = { ...unbounded }
  protected readonly changes = new ChangeList()
  readonly users = new Users(this.bounds, this.changes)
  readonly sessions = new Sessions(this.bounds, this.users, this.changes)
  readonly rooms = new Rooms(this.changes)
  readonly members = new Members(this.bounds, this.users, this.rooms, this.changes)
  readonly sentKeys = new SentKeys(this.bounds, this.changes)
  readonly announcement = new AnnouncementTable(this.changes)
  readonly messageChanges = new MessageChanges(this.changes)
  /** All that is kept, but for messages: those first to which others refer. */
  readonly tables: readonly Table[] = [
    this.announcement,
    this.users,
    this.sessions,
    this.rooms,
    this.members,
    this.messageChanges,
    this.sentKeys,
  ]
  /** The latest messages, and where they belong: caches. */
  readonly messages: MessageStore
  readonly directs = new DirectLists()
  /** The time of the latest entry, in ms since the epoch. It does not go back when a clock is set back, unless that had been ahead. */
  time = 0
  /** Since when the clock may be ahead; undefined if it is right. */
  clockDoubtedSince: number | undefined
  /** The latest time that was said by a clock that was ahead; 0 if none was. */
  latestTime = 0
  /** The newest message that has been deleted for its age, with all before. */
  expired = 0
  /** The position of the latest entry. */
  position = 0
  /** That of the latest entry that has deleted a text, which the log may not have any more either; 0 if none has. */
  forgotten = 0
  protected events: ChatEvent[] = []
  protected changedMessages: MessageChange[] = []
  protected expiredMessages: ExpiredMessages[] = []

  /** @param messageMemory Bytes that messages may take. */
  constructor(messageMemory: number) {
    this.messages = new MessageStore(messageMemory)
  }

  /** Says what clients are told of the entry. */
  tell(event: ChatEvent): void {
    this.events.push(event)
  }

  /** Says that the entry has made a message, of which it tells next. @see MessageChange */
  noteNewMessage(id: number, facts: MessageFacts, previous: number): void {
    this.changedMessages.push({ id, facts, previous, index: this.events.length, record: undefined })
  }

  /** Says that the entry has changed a message. @see MessageChange */
  noteChangedMessage(id: number, facts: MessageFacts, record: string): void {
    this.changedMessages.push({ id, facts, previous: 0, index: this.events.length, record })
  }

  /** Says that the entry has made messages go. */
  noteExpired(expired: ExpiredMessages): void {
    this.expiredMessages.push(expired)
  }

  /**
   * The send of this user with this `client_id`, if there was one.
   * @throws {ChatError} client_id_reused if it had other content.
   */
  sentBefore(user: User, clientId: string, contentHash: string): Sent | undefined {
    const first = this.sentKeys.find(user.number, clientId, this.messages.newest, this.time)
    return first && sameContent(first, contentHash)
  }

  /** What is not in a table. */
  get server(): ServerRecord {
    const { position, time, bounds, users, rooms, messages, expired, clockDoubtedSince, latestTime, sentKeys } = this
    return {
      position,
      time,
      bounds: { ...bounds },
      newest_user: users.newest,
      newest_room: rooms.newest,
      newest_message: messages.newest,
      expired,
      ...(clockDoubtedSince !== undefined && { clock_doubted_since: clockDoubtedSince }),
      ...(latestTime > 0 && { latest_time: latestTime }),
      ...(this.forgotten > 0 && { forgotten: this.forgotten }),
      ...(sentKeys.since > 0 && { keys_since: sentKeys.since }),
      ...(sentKeys.skipped.to > 0 && { skipped: { ...sentKeys.skipped } }),
      rows: Object.fromEntries(
        this.tables.flatMap(({ name, count }): [string, number][] => (count === undefined ? [] : [[name, count]])),
      ),
    }
  }

  /** Puts back what is not in a table, before the tables. */
  restore(server: ServerRecord): void {
    this.position = server.position
    this.time = server.time
    this.clockDoubtedSince = server.clock_doubted_since
    this.latestTime = server.latest_time ?? 0
    Object.assign(this.bounds, server.bounds)
    this.users.newest = server.newest_user
    this.rooms.newest = server.newest_room
    this.messages.startAfter(server.newest_message)
    this.expired = server.expired
    this.forgotten = server.forgotten ?? 0
    this.sentKeys.since = server.keys_since ?? 0
    this.sentKeys.skipped = server.skipped ?? this.sentKeys.skipped
  }

  /** All that is not a cache: what is the same on each node, whatever its memory. */
  get facts(): object {
    const rows = this.tables.map((table): [string, object[]] => [
      table.name,
      Array.from(table.things?.() ?? [], (thing) => table.rowOf(thing)),
    ])
    return { ...this.server, ...Object.fromEntries(rows) }
  }
}
