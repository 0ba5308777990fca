import type { Bounds } from '../../../schemas/commands.js'
import { fixed } from '../../../schemas/limits.js'
import { SessionRowSchema, type ServerRecord, type SessionRow } from '../../../schemas/rows.js'
import { hashToken, sameHash } from '../secrets.js'
import type { ChangeList, RowRules, Table } from './table.js'
import { sessionRules } from './user-rules.js'
import type { User, Users } from './users.js'

export interface Session {
  readonly user: User
  /** SHA-256 of the token. */
  readonly tokenHash: string
  /** When it was opened, in ms, if that is known. */
  readonly openedAt: number | undefined
  /** When it was last known to be used, in ms, if that is known; behind the truth by what `use_session` leaves out. */
  usedAt: number | undefined
  /** The position of the entry that noted it. */
  usedIn: number
  /** What the program says of itself that has opened it. */
  readonly device: string | undefined
  /** By the hash of each ticket: when it was made, in ms. The oldest is the first. */
  readonly tickets: Map<string, number>
}

/** The place of an entry, and its time, in ms. */
interface Moment {
  readonly time: number
  readonly position: number
}

/** What a session is known by to its user: it says nothing of the token. */
export const sessionIdOf = ({ tokenHash }: Session): string => hashToken(tokenHash).slice(0, 22)

/** The sessions of all users. */
export class Sessions implements Table<Session, SessionRow> {
  readonly name = 'sessions'
  readonly noun = 'session'
  readonly schema = SessionRowSchema
  readonly key = ['token_hash']
  readonly refersTo = [{ member: 'user', table: 'users' }]
  /** By the first half of the token's hash: the other half is compared in constant time. */
  private readonly byHalf = new Map<string, Session>()
  private readonly byTicket = new Map<string, Session>()
  /** That which was not used for the longest time is the first. Those of version 0.2.0 are not there until they are used. */
  private readonly byUse = new Set<Session>()

  constructor(
    private readonly bounds: Bounds,
    private readonly users: Users,
    private readonly changes: ChangeList,
  ) {}

  get count(): number {
    return this.byHalf.size
  }

  find(tokenHash: string): Session | undefined {
    const session = this.byHalf.get(halfOf(tokenHash))
    return session && sameHash(session.tokenHash, tokenHash) ? session : undefined
  }

  /** Those of a user, the oldest first. */
  of(user: User): Session[] {
    return Array.from(user.sessions, (tokenHash) => this.byHalf.get(halfOf(tokenHash))).filter(
      (session) => session !== undefined,
    )
  }

  /** Opens one; where there are too many, the oldest makes way. A token opens one session. */
  open(user: User, tokenHash: string, at: Moment, device: string | undefined): void {
    const same = this.byHalf.get(halfOf(tokenHash))
    if (same) this.close(same.user, same.tokenHash)
    const [oldest] = user.sessions
    if (oldest !== undefined && user.sessions.size >= this.bounds.sessions_per_user) this.close(user, oldest)
    this.changes.put(
      this,
      this.hold({
        user,
        tokenHash,
        openedAt: at.time,
        usedAt: at.time,
        usedIn: at.position,
        device,
        tickets: new Map(),
      }),
    )
  }

  /** Notes that it was used; time never goes back. */
  use(session: Session, { time, position }: Moment): void {
    if (session.usedAt !== undefined && time <= session.usedAt) return
    session.usedAt = time
    session.usedIn = position
    this.byUse.delete(session)
    this.byUse.add(session)
    this.changes.put(this, session)
  }

  /** None was used later than now, which a clock that was ahead has said. */
  goBack(time: number): void {
    for (const session of this.byHalf.values())
      if (session.usedAt !== undefined && session.usedAt > time) {
        session.usedAt = time
        this.changes.put(this, session)
      }
  }

  close(user: User, tokenHash: string): void {
    const session = this.byHalf.get(halfOf(tokenHash))
    if (!session || !user.sessions.delete(tokenHash)) return
    this.byHalf.delete(halfOf(tokenHash))
    this.byUse.delete(session)
    for (const ticket of session.tickets.keys()) this.byTicket.delete(ticket)
    this.users.setOnline(user)
    this.changes.remove(this, session)
  }

  /** Closes those of a user, but one where that is said. @returns how many */
  closeAll(user: User, but?: string): number {
    const closing = Array.from(user.sessions).filter((tokenHash) => tokenHash !== but)
    for (const tokenHash of closing) this.close(user, tokenHash)
    return closing.length
  }

  hasTicket(hash: string): boolean {
    return this.byTicket.has(hash)
  }

  /** Adds a ticket; where there are too many, or they are too old, others make way. @param at The time, in ms. */
  addTicket(session: Session, hash: string, at: number): void {
    const { tickets } = session
    for (const [other, madeAt] of tickets)
      if (tickets.size >= fixed.ticket.perSession || isOver(madeAt, at)) this.dropTicket(session, other)
    tickets.set(hash, at)
    this.byTicket.set(hash, session)
    this.changes.put(this, session)
  }

  /** Uses a ticket up. @returns the session, if it was good at this time, in ms */
  takeTicket(hash: string, at: number): Session | undefined {
    const session = this.byTicket.get(hash)
    const madeAt = session?.tickets.get(hash)
    if (!session || madeAt === undefined) return undefined
    this.dropTicket(session, hash)
    this.changes.put(this, session)
    return isOver(madeAt, at) ? undefined : session
  }

  /** Has those who listen look whether they may go on. */
  renew(tokenHash: string): void {
    const session = this.find(tokenHash)
    if (!session) return
    this.changes.remove(this, session)
    this.changes.put(this, session)
  }

  /** Those not used since a time, in ms, the longest unused first. */
  *unused(since: number): Generator<Session> {
    for (const session of this.byUse) {
      if ((session.usedAt ?? 0) > since) return
      yield session
    }
  }

  things(): Iterable<Session> {
    return this.byHalf.values()
  }

  rules(server: ServerRecord): RowRules<SessionRow> {
    return sessionRules(halfOf, server)
  }

  rowOf({ user, tokenHash, openedAt, usedAt, usedIn, device, tickets }: Session): SessionRow {
    return {
      token_hash: tokenHash,
      user: user.number,
      ...(openedAt !== undefined && { opened_at: openedAt }),
      ...(usedAt !== undefined && { used_at: usedAt, used_in: usedIn }),
      ...(device !== undefined && { device }),
      ...(tickets.size > 0 && { tickets: Array.from(tickets, ([hash, made_at]) => ({ hash, made_at })) }),
    }
  }

  load({
    token_hash: tokenHash,
    user: number,
    opened_at: openedAt,
    used_at,
    used_in = 0,
    device,
    tickets = [],
  }: SessionRow): void {
    const user = this.users.get(number)
    const held = tickets.map(({ hash, made_at }): [string, number] => [hash, made_at])
    this.hold({ user, tokenHash, openedAt, usedAt: used_at, usedIn: used_in, device, tickets: new Map(held) })
  }

  loaded(): void {
    const sessions = Array.from(this.byUse).sort((one, other) => one.usedIn - other.usedIn)
    this.byUse.clear()
    for (const session of sessions) this.byUse.add(session)
  }

  private dropTicket({ tickets }: Session, hash: string): void {
    tickets.delete(hash)
    this.byTicket.delete(hash)
  }

  private hold(session: Session): Session {
    const { user, tokenHash } = session
    user.sessions.add(tokenHash)
    this.byHalf.set(halfOf(tokenHash), session)
    for (const ticket of session.tickets.keys()) this.byTicket.set(ticket, session)
    if (session.usedAt !== undefined) this.byUse.add(session)
    this.users.setOnline(user)
    return session
  }
}

const isOver = (madeAt: number, at: number): boolean => at - madeAt > fixed.ticket.age * 1000

const halfOf = (tokenHash: string): string => tokenHash.slice(0, tokenHash.length / 2)
