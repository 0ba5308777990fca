import type { Bounds } from '../../../schemas/commands.js'
import { SessionRowSchema, type SessionRow } from '../../../schemas/rows.js'
import { sameHash } from '../secrets.js'
import type { ChangeList, RowRules, Table } from './table.js'
import { sessionRules } from './user-rules.js'
import type { User, Users } from './users.js'

export interface Session {
  readonly user: User
  /** SHA-256 of the token. */
  readonly tokenHash: string
}

/** The sessions of all users. */
export class Sessions implements Table<Session, SessionRow> {
  readonly name = 'sessions'
  readonly noun = 'session'
  readonly schema = SessionRowSchema
  readonly key = ['token_hash']
  readonly refersTo = [{ member: 'user', table: 'users' }]
  /** By the first half of the token's hash: the other half is compared in constant time. */
  private readonly byHalf = new Map<string, Session>()

  constructor(
    private readonly bounds: Bounds,
    private readonly users: Users,
    private readonly changes: ChangeList,
  ) {}

  get count(): number {
    return this.byHalf.size
  }

  ofToken(tokenHash: string): User | undefined {
    const session = this.byHalf.get(halfOf(tokenHash))
    return session && sameHash(session.tokenHash, tokenHash) ? session.user : undefined
  }

  /** Opens one; where there are too many, the oldest makes way. A token opens one session. */
  open(user: User, tokenHash: string): void {
    const same = this.byHalf.get(halfOf(tokenHash))
    if (same) this.close(same.user, same.tokenHash)
    const [oldest] = user.sessions
    if (oldest !== undefined && user.sessions.size >= this.bounds.sessions_per_user) this.close(user, oldest)
    this.changes.put(this, this.hold(user, tokenHash))
  }

  close(user: User, tokenHash: string): void {
    const session = this.byHalf.get(halfOf(tokenHash))
    if (!session || !user.sessions.delete(tokenHash)) return
    this.byHalf.delete(halfOf(tokenHash))
    this.users.setOnline(user)
    this.changes.remove(this, session)
  }

  things(): Iterable<Session> {
    return this.byHalf.values()
  }

  rules(): RowRules<SessionRow> {
    return sessionRules(halfOf)
  }

  rowOf({ user, tokenHash }: Session): SessionRow {
    return { token_hash: tokenHash, user: user.number }
  }

  load({ token_hash: tokenHash, user }: SessionRow): void {
    this.hold(this.users.get(user), tokenHash)
  }

  private hold(user: User, tokenHash: string): Session {
    const session = { user, tokenHash }
    user.sessions.add(tokenHash)
    this.byHalf.set(halfOf(tokenHash), session)
    this.users.setOnline(user)
    return session
  }
}

const halfOf = (tokenHash: string): string => tokenHash.slice(0, tokenHash.length / 2)
