import { RoomRowSchema, type RoomRow, type ServerRecord } from '../../../schemas/rows.js'
import { ChatError } from '../chat-error.js'
import { IdList } from '../messages/id-list.js'
import { roomNumber } from '../names.js'
import { roomRules } from './room-rules.js'
import type { ChangeList, RowRules, Table } from './table.js'
import type { User } from './users.js'

export type Role = 'admin' | 'member'

/** Somebody in a room. */
export interface Member {
  readonly room: Room
  readonly user: User
  role: Role
  /** Since when, in ms since the epoch; 0 where that is not known any more. */
  readonly since: number
}

export interface Room {
  /** From 1, never used twice. */
  readonly number: number
  /** What clients call it: `room_1`. */
  readonly id: string
  readonly name: string | undefined
  readonly topic: string | undefined
  readonly visibility: 'private' | 'public'
  /** Days after which messages are deleted. */
  readonly retention: number | undefined
  /** The number of the user who made it, who may be gone; unknown of rooms that version 0.1.0 made. */
  readonly maker: number | undefined
  /** The longest in the room first. */
  readonly members: Map<User, Member>
  /** Nobody only as long as the room has no members. */
  admin: Member | undefined
  readonly messages: IdList
}

/** Whether this is a room rather than a user. */
export const isRoom = (conversation: User | Room): conversation is Room => 'members' in conversation

/** A user or a room as one number: minus that of the room. */
export const targetOf = (to: User | Room): number => (isRoom(to) ? -to.number : to.number)

export type NewRoom = Pick<Room, 'name' | 'topic' | 'visibility' | 'retention' | 'maker'>

/** The rooms. */
export class Rooms implements Table<Room, RoomRow> {
  readonly name = 'rooms'
  readonly noun = 'room'
  readonly schema = RoomRowSchema
  readonly key = ['number']
  readonly refersTo = []
  private readonly byNumber = new Map<number, Room>()
  private readonly byRetention = new Map<number, Set<Room>>()
  /** The highest number that a room has had. */
  newest = 0

  constructor(private readonly changes: ChangeList) {}

  get count(): number {
    return this.byNumber.size
  }

  find(number: number): Room | undefined {
    return this.byNumber.get(number)
  }

  /** @throws {ChatError} room_not_found */
  get(number: number): Room {
    const room = this.find(number)
    if (!room) throw new ChatError('room_not_found')
    return room
  }

  /** @throws {ChatError} room_not_found */
  named(id: string): Room {
    const room = this.byNumber.get(roomNumber(id) ?? 0)
    if (!room) throw new ChatError('room_not_found', `There is no room "${id}".`)
    return room
  }

  add(room: NewRoom): Room {
    const added = this.hold(++this.newest, room, new IdList())
    this.changes.put(this, added)
    return added
  }

  remove(room: Room): void {
    this.byNumber.delete(room.number)
    const those = this.byRetention.get(room.retention ?? 0)
    if (those?.delete(room) && those.size === 0) this.byRetention.delete(room.retention ?? 0)
    this.changes.remove(this, room)
  }

  /** Notes that something of the room is not as it was. */
  change(room: Room): void {
    this.changes.put(this, room)
  }

  /** The rooms that keep messages for so many days. */
  keeping(retention: number): Iterable<Room> {
    return this.byRetention.get(retention) ?? []
  }

  /** For how many days rooms keep messages, where they say it themselves. */
  retentions(): Iterable<number> {
    return this.byRetention.keys()
  }

  /** Whether any of the rooms that keep messages for so many days may have one up to this. */
  hasOlder(retention: number, upTo: number): boolean {
    for (const { messages } of this.keeping(retention))
      if (messages.newest > messages.expired && upTo > messages.expired) return true
    return false
  }

  things(): Iterable<Room> {
    return this.byNumber.values()
  }

  rules(server: ServerRecord): RowRules<RoomRow> {
    return roomRules(server)
  }

  rowOf({ number, name, topic, visibility, retention, maker, messages }: Room): RoomRow {
    return {
      number,
      ...(name !== undefined && { name }),
      ...(topic !== undefined && { topic }),
      visibility,
      ...(retention !== undefined && { retention }),
      ...(maker !== undefined && { maker }),
      newest: messages.newest,
      expired: messages.expired,
    }
  }

  load({ number, name, topic, visibility, retention, maker, newest, expired }: RoomRow): void {
    this.hold(number, { name, topic, visibility, retention, maker }, new IdList(newest, expired))
  }

  private hold(number: number, room: NewRoom, messages: IdList): Room {
    const held: Room = { ...room, number, id: `room_${number}`, members: new Map(), admin: undefined, messages }
    this.byNumber.set(number, held)
    if (room.retention !== undefined) {
      const those = this.byRetention.get(room.retention)
      if (those) those.add(held)
      else this.byRetention.set(room.retention, new Set([held]))
    }
    return held
  }
}
