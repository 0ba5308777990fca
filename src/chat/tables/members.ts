import type { Bounds } from '../../../schemas/commands.js'
import { MemberRowSchema, type MemberRow } from '../../../schemas/rows.js'
import { checkNewRoom } from './room-bounds.js'
import { memberRules } from './room-rules.js'
import type { Member, Role, Room, Rooms } from './rooms.js'
import type { ChangeList, RowRules, Table } from './table.js'
import type { User, Users } from './users.js'

/** Who is in which room, in which role. */
export class Members implements Table<Member, MemberRow> {
  readonly name = 'members'
  readonly noun = 'member'
  readonly schema = MemberRowSchema
  readonly key = ['room', 'user']
  readonly refersTo = [
    { member: 'room', table: 'rooms' },
    { member: 'user', table: 'users' },
  ]
  /** Of all rooms together. */
  count = 0

  constructor(
    private readonly bounds: Bounds,
    private readonly users: Users,
    private readonly rooms: Rooms,
    private readonly changes: ChangeList,
  ) {}

  /** @throws {ChatError} room_full, too_many_participants, too_many_rooms, server_full */
  checkNew(maker: User, members: ReadonlySet<User>): void {
    checkNewRoom(this.bounds, this.count, maker, members)
  }

  /** @param since In ms since the epoch. */
  join(room: Room, user: User, role: Role, since: number): void {
    this.changes.put(this, this.hold({ room, user, role, since }))
  }

  /**
   * Takes a member out. The longest member succeeds an admin; a room without members is gone.
   * @returns whether the room has another admin
   */
  leave(member: Member): boolean {
    const { room, user } = member
    room.members.delete(user)
    user.rooms.delete(room)
    this.countMember(room, user, -1)
    this.changes.remove(this, member)
    const [longest] = room.members.values()
    if (!longest) this.rooms.remove(room)
    if (!longest || room.admin !== member) return false
    longest.role = 'admin'
    room.admin = longest
    this.changes.put(this, longest)
    return true
  }

  *things(): Generator<Member> {
    for (const { members } of this.rooms.things()) yield* members.values()
  }

  rules(): RowRules<MemberRow> {
    return memberRules()
  }

  rowOf({ room, user, role, since }: Member): MemberRow {
    return { room: room.number, user: user.number, role, since }
  }

  load({ room, user, role, since }: MemberRow): void {
    this.hold({ room: this.rooms.get(room), user: this.users.get(user), role, since })
  }

  private hold(member: Member): Member {
    const { room, user } = member
    room.members.set(user, member)
    user.rooms.set(room, member)
    if (member.role === 'admin') room.admin = member
    this.countMember(room, user, 1)
    return member
  }

  private countMember({ maker }: Room, user: User, by: 1 | -1): void {
    this.count += by
    if (maker === undefined) return
    if (maker === user.number) user.made += by
    else {
      const payer = this.users.findNumber(maker)
      if (payer) payer.participants += by
    }
  }
}
