import type { Bounds } from '../../../schemas/commands.js'
import type { RoomRecord } from '../../../schemas/records.js'
import { ChatError } from '../chat-error.js'
import { roomNumber } from '../names.js'
import { IdList } from './id-list.js'
import { checkNewRoom } from './room-bounds.js'
import type { User, Users } from './users.js'

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
  admin: User
  /** The longest in the room first. */
  readonly members: Set<User>
  readonly messages: IdList
}

/** Whether this is a room rather than a user. */
export const isRoom = (conversation: User | Room): conversation is Room => 'members' in conversation

/** A user or a room as one number: minus that of the room. */
export const targetOf = (to: User | Room): number => (isRoom(to) ? -to.number : to.number)

export type NewRoom = Pick<Room, 'name' | 'topic' | 'visibility' | 'retention' | 'admin'>

/** The rooms and who is in them. */
export class Rooms {
  private readonly byNumber = new Map<number, Room>()
  private readonly byRetention = new Map<number, Set<Room>>()
  /** The highest number that a room has had. */
  newest = 0
  /** The members of all rooms together. */
  memberships = 0

  constructor(
    private readonly bounds: Bounds,
    private readonly users: Users,
  ) {}

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

  /** @throws {ChatError} room_full, too_many_participants, too_many_rooms, server_full */
  checkNew(maker: User, members: ReadonlySet<User>): void {
    checkNewRoom(this.bounds, this.memberships, maker, members)
  }

  add(room: NewRoom, members: ReadonlySet<User>): Room {
    const maker = this.bounds.rooms_of_others === undefined ? undefined : room.admin.number
    const added = this.put(++this.newest, { ...room, maker }, new IdList())
    for (const member of members) this.join(added, member)
    return added
  }

  /** Puts back a room that was there before; its members {@link join} it again, the longest first. */
  restore({ number, name, topic, visibility, retention, maker, newest, expired }: RoomRecord, admin: User): void {
    this.put(number, { name, topic, visibility, retention, maker, admin }, new IdList(newest, expired))
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

  [Symbol.iterator](): Iterator<Room> {
    return this.byNumber.values()
  }

  join(room: Room, user: User): void {
    room.members.add(user)
    user.rooms.add(room)
    this.countMember(room, user, 1)
  }

  /** Takes a member out. The longest member succeeds an admin; a room without members is gone. */
  leave(room: Room, user: User): void {
    if (room.members.delete(user)) this.countMember(room, user, -1)
    user.rooms.delete(room)
    const [longest] = room.members
    if (!longest) this.remove(room)
    else if (room.admin === user) room.admin = longest
  }

  private countMember({ maker }: Room, user: User, by: 1 | -1): void {
    this.memberships += by
    if (maker === undefined) return
    if (maker === user.number) user.made += by
    else {
      const payer = this.users.findNumber(maker)
      if (payer) payer.participants += by
    }
  }

  private put(number: number, room: NewRoom & Pick<Room, 'maker'>, messages: IdList): Room {
    const added: Room = { ...room, number, id: `room_${number}`, members: new Set(), messages }
    this.byNumber.set(number, added)
    if (room.retention !== undefined) {
      const those = this.byRetention.get(room.retention)
      if (those) those.add(added)
      else this.byRetention.set(room.retention, new Set([added]))
    }
    return added
  }

  private remove(room: Room): void {
    this.byNumber.delete(room.number)
    const those = this.byRetention.get(room.retention ?? 0)
    if (those?.delete(room) && those.size === 0) this.byRetention.delete(room.retention ?? 0)
  }
}

/** @throws {ChatError} not_a_member */
export function checkMember(room: Room, user: User): void {
  if (!room.members.has(user)) throw new ChatError('not_a_member', `${user.name} is not a member of ${room.id}.`)
}
