import btree from 'sorted-btree'
import type { Bounds } from '../../../schemas/commands.js'
import type { UserRecord } from '../../../schemas/records.js'
import { ChatError } from '../chat-error.js'
import { nameKey } from '../names.js'
import { IdList } from './id-list.js'
import { sameHash } from '../secrets.js'
import type { Room } from './rooms.js'
import type { StoredBytes } from './stored-bytes.js'

export interface User {
  /** From 1, never used twice: a name's next holder is another user. */
  readonly number: number
  readonly name: string
  readonly key: string
  /** argon2id in PHC form; a guest has none. */
  readonly passwordHash: string | undefined
  /** SHA-256 of the tokens, oldest session first. */
  readonly sessions: Set<string>
  readonly rooms: Set<Room>
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

interface Session {
  readonly user: User
  readonly tokenHash: string
}

export const isGuest = (user: User): boolean => user.passwordHash === undefined

/** Who is registered, under which name, with which sessions, and who is online. */
export class Users {
  private readonly byNumber = new Map<number, User>()
  private readonly byKey = new Map<string, User>()
  /** By the first half of the token's hash: the other half is compared in constant time. */
  private readonly bySession = new Map<string, Session>()
  /** The names of those who are online, by key. */
  private readonly online = new btree.default<string, string>()
  /** The least recently seen first. */
  private readonly guests = new Set<User>()
  /** The highest number that a user has had. */
  newest = 0

  constructor(private readonly bounds: Bounds) {}

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

  [Symbol.iterator](): Iterator<User> {
    return this.byNumber.values()
  }

  ofSession(tokenHash: string): User | undefined {
    const session = this.bySession.get(halfOf(tokenHash))
    return session && sameHash(session.tokenHash, tokenHash) ? session.user : undefined
  }

  /** @throws {ChatError} username_taken, server_full */
  checkFree(name: string): void {
    if (this.find(name)) throw new ChatError('username_taken', `The username "${name}" is in use.`)
    if (this.byNumber.size >= this.bounds.users) throw new ChatError('server_full')
  }

  add(name: string, passwordHash: string | undefined, seenAt: number, seenIn: number): User {
    const number = ++this.newest
    return this.put({ number, name, passwordHash, seenAt, seenIn, stored: undefined, messages: new IdList() })
  }

  /** Puts back a user that was there before, with all sessions. Those seen least recently must come first. */
  restore({ number, name, password_hash: passwordHash, sessions, seen_at, seen_in, newest, stored }: UserRecord): void {
    const messages = new IdList(newest)
    const user = this.put({ number, name, passwordHash, seenAt: seen_at, seenIn: seen_in, stored, messages })
    for (const tokenHash of sessions) this.addSession(user, tokenHash)
  }

  remove(user: User): void {
    for (const tokenHash of user.sessions) this.bySession.delete(halfOf(tokenHash))
    this.byNumber.delete(user.number)
    this.byKey.delete(user.key)
    this.online.delete(user.key)
    this.guests.delete(user)
  }

  /** @returns whether the oldest session has made way for this one. */
  openSession(user: User, tokenHash: string): boolean {
    const [oldest] = user.sessions
    const makesWay = oldest !== undefined && user.sessions.size >= this.bounds.sessions_per_user
    if (makesWay) this.closeSession(user, oldest)
    this.addSession(user, tokenHash)
    return makesWay
  }

  closeSession(user: User, tokenHash: string): void {
    user.sessions.delete(tokenHash)
    this.bySession.delete(halfOf(tokenHash))
    if (user.sessions.size === 0) this.online.delete(user.key)
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
    return true
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

  private addSession(user: User, tokenHash: string): void {
    user.sessions.add(tokenHash)
    this.bySession.set(halfOf(tokenHash), { user, tokenHash })
    this.online.set(user.key, user.name)
  }

  private put(known: Omit<User, 'key' | 'sessions' | 'rooms' | 'made' | 'participants'>): User {
    const user: User = {
      ...known,
      key: nameKey(known.name),
      sessions: new Set(),
      rooms: new Set(),
      made: 0,
      participants: 0,
    }
    this.byNumber.set(user.number, user)
    this.byKey.set(user.key, user)
    if (isGuest(user)) this.guests.add(user)
    return user
  }
}

const halfOf = (tokenHash: string): string => tokenHash.slice(0, tokenHash.length / 2)
