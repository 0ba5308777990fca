import type { RoomRecord, ServerRecord, UserRecord } from '../../schemas/records.js'
import type { ChatState } from '../chat/chat-state.js'
import type { ChatEvent, Created } from '../chat/events.js'
import { isRoom, targetOf, type Room } from '../chat/state/rooms.js'
import type { User } from '../chat/state/users.js'
import type { Batch } from './archive-file.js'
import { eventJson, type JournalEvent } from './journal.js'
import { NewMessages } from './new-messages.js'

/** Messages up to this one are gone. */
export interface Expired {
  readonly upTo: number
  /** Whose; without them, all. */
  readonly targets: readonly number[] | undefined
}

/** What has changed in the state since these were begun. */
export class Changes {
  private readonly users = new Set<User>()
  private readonly rooms = new Set<Room>()
  private readonly removedUsers = new Set<User>()
  private readonly removedRooms = new Set<Room>()
  private readonly members: [room: number, user: number, joined: boolean][] = []
  private readonly sent: Batch['sent'][number][] = []
  private readonly messages = new NewMessages()
  /** The live events. */
  private journal = ''
  /** What is to be deleted once these are written. */
  readonly expired: Expired[] = []
  /** How many changes there are, and the bytes of the messages among them. */
  size = 0
  bytes = 0

  constructor(private readonly state: ChatState) {}

  note(event: ChatEvent): void {
    this.size++
    switch (event.type) {
      case 'message.created':
        this.noteMessage(event)
        break
      case 'user.changed':
        this.users.add(event.user)
        break
      case 'user.removed':
        this.removedUsers.add(event.user)
        break
      case 'messages.expired':
        this.noteExpired(event.upTo, event.rooms)
        break
      case 'room.created':
      case 'room.updated':
      case 'room.changed':
        this.rooms.add(event.room)
        break
      case 'room.removed':
        this.removedRooms.add(event.room)
        // Nobody can read them any more.
        this.expired.push({ upTo: event.room.messages.newest, targets: [targetOf(event.room)] })
        break
      case 'member.joined':
      case 'member.left':
        this.members.push([event.room.number, event.user.number, event.type === 'member.joined'])
    }
  }

  noteLive(event: JournalEvent): void {
    const json = eventJson(event)
    this.bytes += json.length
    this.journal += json
  }

  /** The newest message among them; undefined if there is none. */
  get newestMessage(): number | undefined {
    return this.messages.newest
  }

  /** All of it, as the archive takes it. Since the last was noted, the state may have gone on by entries that came to nothing. */
  batch(): Batch {
    const { state, members, sent } = this
    return {
      server: JSON.stringify(serverRecord(state)),
      position: state.position,
      time: state.time,
      users: records(this.users, this.removedUsers, userRecord),
      rooms: records(this.rooms, this.removedRooms, roomRecord),
      members,
      messages: this.messages.run(state.messages),
      sent,
      journal: this.journal,
    }
  }

  private noteExpired(upTo: number, rooms: readonly Room[] | undefined): void {
    for (const room of rooms ?? []) this.rooms.add(room)
    this.expired.push({ upTo, targets: rooms?.map(targetOf) })
  }

  private noteMessage(created: Created): void {
    const { id, to, senderNumber, sentAt, clientId, contentHash = '' } = created
    this.bytes += this.state.messages.lengthOf(id)
    this.messages.add(created, targetOf(to), to.messages.newestBefore(id))
    if (isRoom(to)) this.rooms.add(to)
    else this.users.add(to)
    if (clientId === undefined) return
    const recipient = isRoom(to) ? to.id : to.name
    this.sent.push({
      sender: senderNumber,
      client_id: clientId,
      message_id: id,
      sent_at: sentAt,
      recipient,
      content_hash: contentHash,
    })
  }
}

function records<T extends { readonly number: number }>(
  changed: ReadonlySet<T>,
  removed: ReadonlySet<T>,
  recordOf: (thing: T) => object,
): [number: number, record: string | undefined][] {
  const kept = Array.from(changed).filter((thing) => !removed.has(thing))
  return [
    ...Array.from(removed, ({ number }): [number, undefined] => [number, undefined]),
    ...kept.map((thing): [number, string] => [thing.number, JSON.stringify(recordOf(thing))]),
  ]
}

const serverRecord = ({
  position,
  time,
  clockDoubtedSince,
  latestTime,
  announcement,
  announcedInsteadOf,
  bounds,
  users,
  rooms,
  messages,
  sentKeys,
  expired,
}: ChatState): ServerRecord => ({
  type: 'server',
  position,
  time,
  announcement,
  ...(announcedInsteadOf !== undefined && { announced_instead_of: announcedInsteadOf }),
  bounds,
  newest_user: users.newest,
  newest_room: rooms.newest,
  newest_message: messages.newest,
  expired,
  ...(clockDoubtedSince !== undefined && { clock_doubted_since: clockDoubtedSince }),
  ...(latestTime > 0 && { latest_time: latestTime }),
  ...(sentKeys.since > 0 && { keys_since: sentKeys.since }),
  ...(sentKeys.skipped.to > 0 && { skipped: sentKeys.skipped }),
  users: users.count,
  rooms: rooms.count,
  memberships: rooms.memberships,
})

const userRecord = ({ number, name, passwordHash, sessions, seenAt, seenIn, messages, stored }: User): UserRecord => ({
  type: 'user',
  number,
  name,
  ...(passwordHash !== undefined && { password_hash: passwordHash }),
  sessions: [...sessions],
  seen_at: seenAt,
  seen_in: seenIn,
  newest: messages.newest,
  ...(stored && { stored }),
})

const roomRecord = ({ number, name, topic, visibility, retention, maker, admin, messages }: Room): RoomRecord => ({
  type: 'room',
  number,
  ...(name !== undefined && { name }),
  ...(topic !== undefined && { topic }),
  visibility,
  ...(retention !== undefined && { retention }),
  admin: admin.number,
  ...(maker !== undefined && { maker }),
  newest: messages.newest,
  expired: messages.expired,
})
