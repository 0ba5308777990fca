import btree from 'sorted-btree'
import type { Bounds } from '../../../schemas/commands.js'
import { UserRowSchema, type ServerRecord, type UserRow } from '../../../schemas/rows.js'
import { ChatError } from '../chat-error.js'
import { IdList } from '../messages/id-list.js'
import { nameKey } from '../names.js'
import type { Member, Room } from './rooms.js'
import type { StoredBytes } from './stored-bytes.js'
import type { ChangeList, RowRules, Table } from './table.js'
import { userRules } from './user-rules.js'

export interface User {
  /** From 1, never used twice: a name's next holder is another user. */
  readonly number: number
  readonly name: string
  readonly key: string
  /** argon2id in PHC form; a guest has none. */
  passwordHash: string | undefined
  /** SHA-256 of the tokens, oldest session first. */
  readonly sessions: Set<string>
  readonly rooms: Map<Room, Member>
  /** How many of them the user has made, and how many others are in all rooms that it made. */
  made: number
  participants: number
  /** The direct messages that the user has received. */
  readonly messages: IdList
  /** Where the log bounds it. */
  stored: StoredBytes | undefined
  /** When the user was last known to be active, in ms; behind the truth by what `touch` leaves out. */
  seenAt: number
  /** The position of the entry that noted it. */
  seenIn: number
}

export const isGuest = (user: User): boolean => user.passwordHash === undefined

/** Who is registered, under which name, and who is online. */
export class Users implements Table<User, UserRow> {
  readonly name = 'users'
  readonly noun = 'user'
  readonly schema = UserRowSchema
  readonly key = ['number']
  readonly refersTo = []
  private readonly byNumber = new Map<number, User>()
  private readonly byKey = new Map<string, User>()
  /** The names of those who are online, by key. */
  private readonly online = new btree.default<string, string>()
  /** The least recently seen first. */
  private readonly guests = new Set<User>()
  /** The highest number that a user has had. */
  newest = 0

  constructor(
    private readonly bounds: Bounds,
    private readonly changes: ChangeList,
  ) {}

  get count(): number {
    return this.byNumber.size
  }

  find(name: string): User | undefined {
    return this.byKey.get(nameKey(name))
  }

  /** @throws {ChatError} user_not_found */
  named(name: string): User {
    const user = this.find(name)
    if (!user) throw new ChatError('user_not_found', `There is no user "${name}".`)
    return user
  }

  findNumber(number: number): User | undefined {
    return this.byNumber.get(number)
  }

  /** Whether the user is still there, and not only another of that name. */
  has(user: User): boolean {
    return this.findNumber(user.number) === user
  }

  /** @throws {ChatError} user_not_found */
  get(number: number): User {
    const user = this.findNumber(number)
    if (!user) throw new ChatError('user_not_found')
    return user
  }

  things(): Iterable<User> {
    return this.byNumber.values()
  }

  /** @throws {ChatError} username_taken, server_full */
  checkFree(name: string): void {
    if (this.find(name)) throw new ChatError('username_taken', `The username "${name}" is in use.`)
    if (this.byNumber.size >= this.bounds.users) throw new ChatError('server_full')
  }

  add(name: string, passwordHash: string | undefined, seenAt: number, seenIn: number): User {
    const number = ++this.newest
    const user = this.hold({ number, name, passwordHash, seenAt, seenIn, stored: undefined, messages: new IdList() })
    this.changes.put(this, user)
    return user
  }

  remove(user: User): void {
    this.byNumber.delete(user.number)
    this.byKey.delete(user.key)
    this.online.delete(user.key)
    this.guests.delete(user)
    this.changes.remove(this, user)
  }

  /** Notes that something of the user is not as it was. */
  change(user: User): void {
    this.changes.put(this, user)
  }

  /** Whoever has a password is an account. */
  setPassword(user: User, passwordHash: string): void {
    user.passwordHash = passwordHash
    this.guests.delete(user)
    this.change(user)
  }

  /**
   * Notes that the user was active; time never goes back.
   * @param position That of the entry which notes it.
   * @returns whether that was news.
   */
  touch(user: User, at: number, position: number): boolean {
    if (user.seenAt === at) return false
    user.seenAt = at
    user.seenIn = position
    if (isGuest(user)) {
      this.guests.delete(user)
      this.guests.add(user)
    }
    this.change(user)
    return true
  }

  /** Whoever has a session is online. */
  setOnline(user: User): void {
    if (user.sessions.size > 0) this.online.set(user.key, user.name)
    else this.online.delete(user.key)
  }

  /** Guests not seen since `before`, the longest idle first. */
  *idleGuests(before: number): Generator<User> {
    for (const user of this.guests) {
      if (user.seenAt > before) return
      yield user
    }
  }

  /** Names of those who are online, sorted by key: those after `after` that begin with `prefix`, `count` at most. */
  onlineNames(prefix: string, after: string, count: number): string[] {
    const first = nameKey(prefix)
    const last = nameKey(after)
    const names: string[] = []
    for (const [key, name] of this.online.entries(last > first ? last : first)) {
      if (names.length === count || !key.startsWith(first)) break
      if (key !== last) names.push(name)
    }
    return names
  }

  rules(server: ServerRecord): RowRules<UserRow> {
    return userRules(server)
  }

  rowOf({ number, name, passwordHash, seenAt, seenIn, messages, stored }: User): UserRow {
    return {
      number,
      name,
      ...(passwordHash !== undefined && { password_hash: passwordHash }),
      seen_at: seenAt,
      seen_in: seenIn,
      newest: messages.newest,
      ...(stored && { stored }),
    }
  }

  load({ number, name, password_hash: passwordHash, seen_at: seenAt, seen_in: seenIn, newest, stored }: UserRow): void {
    this.hold({ number, name, passwordHash, seenAt, seenIn, stored, messages: new IdList(newest) })
  }

  loaded(): void {
    const guests = Array.from(this.guests).sort((one, other) => one.seenIn - other.seenIn)
    this.guests.clear()
    for (const guest of guests) this.guests.add(guest)
  }

  private hold(known: Omit<User, 'key' | 'sessions' | 'rooms' | 'made' | 'participants'>): User {
    const user: User = {
      ...known,
      key: nameKey(known.name),
      sessions: new Set(),
      rooms: new Map(),
      made: 0,
      participants: 0,
    }
    this.byNumber.set(user.number, user)
    this.byKey.set(user.key, user)
    if (isGuest(user)) this.guests.add(user)
    return user
  }
}
