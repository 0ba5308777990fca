import type { MemberRow, RoomRow, SentRow, ServerRecord, SessionRow, UserRow } from '../../schemas/rows.js'

/** What versions up to 0.2.0 kept of the state: in the archive up to its format 3, and in exports of format 1. */

/** What is not of one thing. */
export interface OlderServer extends Omit<ServerRecord, 'rows'> {
  readonly type: 'server'
  readonly announcement: string
  readonly announced_instead_of?: string
  readonly users: number
  readonly rooms: number
  readonly memberships: number
}

interface OlderUser extends UserRow {
  readonly type: 'user'
  readonly sessions: readonly string[]
}

interface OlderRoom extends RoomRow {
  readonly type: 'room'
  /** The number of a user. */
  readonly admin: number
}

interface OlderMember {
  readonly type: 'member'
  readonly room: number
  readonly user: number
}

interface OlderSent extends SentRow {
  readonly type: 'sent'
}

export type OlderRecord = OlderServer | OlderUser | OlderRoom | OlderMember | OlderSent

/** A row of a table of the state. */
export interface NamedRow {
  readonly table: string
  readonly row: object
}

/** Makes rows of what was kept before, as it comes: the server first, rooms before members. */
export class OlderRows {
  /** By the number of a room. */
  private readonly admins = new Map<number, number>()
  private server: OlderServer | undefined
  private sessions = 0

  rowsOf(record: OlderRecord): NamedRow[] {
    switch (record.type) {
      case 'server':
        this.server = record
        return announcementOf(record)
      case 'user': {
        const { type: _type, sessions, ...row } = record
        this.sessions += sessions.length
        const opened = sessions.map((token_hash): SessionRow => ({ token_hash, user: row.number }))
        return [{ table: 'users', row }, ...opened.map((session) => ({ table: 'sessions', row: session }))]
      }
      case 'room': {
        const { type: _type, admin, ...row } = record
        this.admins.set(row.number, admin)
        return [{ table: 'rooms', row }]
      }
      case 'member': {
        const { room, user } = record
        const role = this.admins.get(room) === user ? 'admin' : 'member'
        return [{ table: 'members', row: { room, user, role, since: 0 } satisfies MemberRow }]
      }
      case 'sent': {
        const { type: _type, ...row } = record
        return [{ table: 'sent', row }]
      }
    }
  }

  /** What is said of all of it. To be asked for when users have come. */
  serverRecord(): ServerRecord | undefined {
    if (!this.server) return undefined
    const {
      type: _type,
      announcement: _text,
      announced_instead_of: _other,
      users,
      rooms,
      memberships,
      ...rest
    } = this.server
    const announcement = announcementOf(this.server).length
    return { ...rest, rows: { announcement, users, sessions: this.sessions, rooms, members: memberships } }
  }
}

function announcementOf({ announcement: text, announced_instead_of: instead_of }: OlderServer): NamedRow[] {
  if (text === '' && instead_of === undefined) return []
  return [{ table: 'announcement', row: { text, ...(instead_of !== undefined && { instead_of }) } }]
}
