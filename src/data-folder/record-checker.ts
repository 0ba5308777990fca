import { fixed } from '../../schemas/limits.js'
import { nameProblem } from '../../schemas/formats.js'
import type { MemberRecord, RoomRecord, ServerRecord, UserRecord } from '../../schemas/records.js'
import { dayOf } from '../archive/archive-format.js'
import { isReserved, nameKey, roomNumber } from '../chat/names.js'
import { MessageChecker, type KeptMessage } from './message-checker.js'
import { recordTypes, type ChatRecord } from './record-shapes.js'

const tokenHash = /^[A-Za-z0-9_-]{43}$/

/** Hears what is wrong. */
export type Tell = (problem: string) => void

/** What is remembered of a room while records come. */
interface RoomSeen {
  readonly admin: number
  readonly members: Set<number>
}

/**
 * Holds records of a known shape to each other, as they come: server, users, rooms, members, messages, sent. Messages may
 * be missing, as far as a server deletes old ones: each conversation from its front.
 */
export class RecordChecker {
  private server: ServerRecord | undefined
  private readonly names = new Map<number, string>()
  private readonly numbers = new Map<string, number>()
  private readonly sessions = new Set<string>()
  private readonly rooms = new Map<number, RoomSeen>()
  private readonly newest = new Map<number, number>()
  private readonly messages: MessageChecker
  private members = 0
  private lastType = -1
  private lastUser = 0
  private lastRoom = 0

  /**
   * @param tell Hears of each problem before the next record is checked.
   * @param messageOf Looks up a message that came before.
   */
  constructor(
    private readonly tell: Tell,
    messageOf: (id: number) => KeptMessage | undefined,
  ) {
    this.messages = new MessageChecker(tell, messageOf, this)
  }

  check(record: ChatRecord): void {
    const type = recordTypes.indexOf(record.type)
    if (type < this.lastType) this.tell(`a ${record.type} comes after a ${recordTypes[this.lastType]}`)
    if (type !== 0 && !this.server) this.tell('the server does not come first')
    for (; this.lastType < type; this.lastType++) this.endOf(this.lastType)
    switch (record.type) {
      case 'server':
        if (this.server) this.tell('the server comes twice')
        this.server = record
        this.checkServer(record)
        break
      case 'user':
        this.checkUser(record)
        break
      case 'room':
        this.checkRoom(record)
        break
      case 'member':
        this.checkMember(record)
        break
      case 'message':
        this.messages.checkMessage(record, this.known)
        break
      case 'sent':
        this.messages.checkSent(record, this.known)
    }
  }

  /** To be called when there are no more. */
  end(): void {
    if (!this.server) this.tell('the server is missing')
    for (; this.lastType < recordTypes.length; this.lastType++) this.endOf(this.lastType)
  }

  /** The name of a user who is there. */
  nameOf(number: number): string | undefined {
    return this.names.get(number)
  }

  /** The conversation that is called so now. */
  targetNamed(recipient: string): number | undefined {
    const room = roomNumber(recipient)
    return room === undefined ? this.numbers.get(nameKey(recipient)) : -room
  }

  /** The newest message that each conversation there is says it had. */
  get newestOf(): ReadonlyMap<number, number> {
    return this.newest
  }

  private checkServer({ expired, keys_since = 0, skipped, newest_message: newest }: ServerRecord): void {
    if (Math.max(expired, keys_since, skipped?.to ?? 0) > newest)
      this.tell(`its newest message is ${newest}, but it says more of those behind`)
    if (skipped && skipped.after > skipped.to) this.tell('the ids that it has passed over end before they begin')
  }

  private get known(): ServerRecord {
    return this.server ?? { ...nothing }
  }

  private endOf(type: number): void {
    const { users, rooms, memberships } = this.known
    if (recordTypes[type] === 'user') this.checkCount('users', this.names.size, users)
    if (recordTypes[type] === 'room') this.checkCount('rooms', this.rooms.size, rooms)
    if (recordTypes[type] === 'member') {
      this.checkCount('members', this.members, memberships)
      this.checkRooms()
    }
    if (recordTypes[type] === 'message') this.messages.endOfMessages()
  }

  private checkCount(what: string, found: number, said: number): void {
    if (found !== said) this.tell(`there are ${found} ${what}, but the server says ${said}`)
  }

  private checkUser({ number, name, sessions, seen_in, seen_at, newest, stored }: UserRecord): void {
    const { newest_user, newest_message, position, time } = this.known
    if (number <= this.lastUser) this.tell(`its number is not greater than ${this.lastUser}, that of the user before`)
    if (number > newest_user) this.tell(`its number is greater than ${newest_user}, the newest that the server knows`)
    const wrong =
      name === '' || Array.from(name).length > fixed.usernameLength ? 'is too short or too long' : nameProblem(name)
    if (wrong !== undefined) this.tell(`its name ${wrong}`)
    else if (isReserved(name)) this.tell(`its name "${name}" belongs to the server`)
    const other = this.numbers.get(nameKey(name))
    if (other !== undefined) this.tell(`its name "${name}" is that of user ${other}, too`)
    if (seen_in > position) this.tell(`it was seen in entry ${seen_in}, but the server has come to ${position}`)
    if (seen_at > time) this.tell(`it was seen at ${seen_at}, but the server has come to ${time}`)
    if (newest > newest_message) this.tell(`its newest message is ${newest}, but that of the server ${newest_message}`)
    if (stored && stored.day > dayOf(time))
      this.tell(`it has stored on day ${stored.day}, but the server has come to ${dayOf(time)}`)
    for (const session of sessions) {
      if (!tokenHash.test(session)) this.tell('a session is no hash of a token')
      if (this.sessions.has(session)) this.tell('a session is there twice')
      this.sessions.add(session)
    }
    this.lastUser = Math.max(this.lastUser, number)
    this.names.set(number, name)
    this.numbers.set(nameKey(name), number)
    this.newest.set(number, newest)
  }

  private checkRoom({ number, admin, maker = 0, newest, expired }: RoomRecord): void {
    const { newest_room, newest_user, newest_message } = this.known
    if (expired > newest_message) this.tell(`${expired} has expired, but the newest message is ${newest_message}`)
    if (number <= this.lastRoom) this.tell(`its number is not greater than ${this.lastRoom}, that of the room before`)
    if (number > newest_room) this.tell(`its number is greater than ${newest_room}, the newest that the server knows`)
    if (!this.names.has(admin)) this.tell(`its admin, user ${admin}, is not there`)
    if (maker > newest_user)
      this.tell(`its maker is ${maker}, but the newest user that the server knows ${newest_user}`)
    if (newest > newest_message) this.tell(`its newest message is ${newest}, but that of the server ${newest_message}`)
    this.lastRoom = Math.max(this.lastRoom, number)
    this.rooms.set(number, { admin, members: new Set() })
    this.newest.set(-number, newest)
  }

  private checkMember({ room, user }: MemberRecord): void {
    const members = this.rooms.get(room)?.members
    if (!members) this.tell(`room ${room} is not there`)
    if (!this.names.has(user)) this.tell(`user ${user} is not there`)
    if (members?.has(user)) this.tell(`user ${user} is in room ${room} twice`)
    members?.add(user)
    this.members++
  }

  private checkRooms(): void {
    for (const [number, { admin, members }] of this.rooms)
      if (!members.has(admin)) this.tell(`the admin of room ${number}, user ${admin}, is not a member`)
  }
}

const nothing: ServerRecord = {
  type: 'server',
  position: 0,
  time: 0,
  announcement: '',
  bounds: { users: 0, sessions_per_user: 0, rooms_per_user: 0, room_members: 0, memberships: 0, idempotency_keys: 0 },
  newest_user: 0,
  newest_room: 0,
  newest_message: 0,
  expired: 0,
  users: 0,
  rooms: 0,
  memberships: 0,
}
