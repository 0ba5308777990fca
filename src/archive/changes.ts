import type { RoomRecord, ServerRecord, UserRecord } from '../../schemas/records.js'
import type { ChatState } from '../chat/chat-state.js'
import type { ChatEvent, Created } from '../chat/events.js'
import { isRoom, type Room } from '../chat/state/rooms.js'
import type { User } from '../chat/state/users.js'
import type { Batch, MessageRun } from './archive-file.js'

/** Nobody: what belongs to a sender alone is left out. */
const noViewer = -1

/** Whose messages they are, as the archive says it. */
export const targetOf = (to: User | Room): number => (isRoom(to) ? -to.number : to.number)

/** What has changed in the state since these were begun. */
export class Changes {
  private readonly users = new Set<User>()
  private readonly rooms = new Set<Room>()
  private readonly removedUsers = new Set<User>()
  private readonly removedRooms = new Set<Room>()
  private readonly members: [room: number, user: number, joined: boolean][] = []
  private readonly messages: Created[] = []
  /** How many changes there are. */
  size = 0

  constructor(private readonly state: ChatState) {}

  note(event: ChatEvent): void {
    this.size++
    switch (event.type) {
      case 'message.created':
        this.messages.push(event)
        this.touch(event.to)
        break
      case 'user.changed':
        this.users.add(event.user)
        break
      case 'user.removed':
        this.removedUsers.add(event.user)
        break
      case 'room.changed':
        this.rooms.add(event.room)
        break
      case 'room.removed':
        this.removedRooms.add(event.room)
        break
      case 'member.joined':
      case 'member.left':
        this.members.push([event.room.number, event.user.number, event.type === 'member.joined'])
    }
  }

  /** The newest message among them; undefined if there is none. */
  get newestMessage(): number | undefined {
    return this.messages.at(-1)?.id
  }

  /** All of it, as the archive takes it. The state must not have gone on since the last was noted. */
  batch(): Batch {
    return {
      server: JSON.stringify(serverRecord(this.state)),
      time: this.state.time,
      users: records(this.users, this.removedUsers, userRecord),
      rooms: records(this.rooms, this.removedRooms, roomRecord),
      members: this.members,
      messages: this.messageRun(),
      sent: this.messages.flatMap(({ id, to, senderNumber, sentAt, clientId, contentHash = '' }) =>
        clientId === undefined
          ? []
          : [
              {
                sender: senderNumber,
                client_id: clientId,
                message_id: id,
                sent_at: sentAt,
                recipient: isRoom(to) ? to.id : to.name,
                content_hash: contentHash,
              },
            ],
      ),
    }
  }

  private touch(to: User | Room): void {
    if (isRoom(to)) this.rooms.add(to)
    else this.users.add(to)
  }

  private messageRun(): MessageRun | undefined {
    const { messages } = this
    const [first] = messages
    if (!first) return undefined
    const store = this.state.messages
    const ids = messages.map(({ id }) => id)
    const records = new Uint8Array(store.sizeOf(ids))
    const size = store.copy(ids, noViewer, Buffer.from(records.buffer), 0)
    let end = 0
    return {
      first: first.id,
      records: records.subarray(0, size),
      ends: ids.map((id) => (end += store.lengthOf(id))),
      targets: messages.map(({ to }) => targetOf(to)),
      senders: messages.map(({ senderNumber }) => senderNumber),
      times: messages.map(({ sentAt }) => sentAt),
      clientIds: messages.map(({ clientId = null }) => clientId),
      previous: messages.map(({ id, to }) => to.messages.newestBefore(id)),
    }
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

const serverRecord = ({ position, time, announcement, bounds, users, rooms, messages }: ChatState): ServerRecord => ({
  type: 'server',
  position,
  time,
  announcement,
  bounds,
  newest_user: users.newest,
  newest_room: rooms.newest,
  newest_message: messages.newest,
  users: users.count,
  rooms: rooms.count,
  memberships: rooms.memberships,
})

const userRecord = ({ number, name, passwordHash, sessions, seenAt, seenIn, messages }: User): UserRecord => ({
  type: 'user',
  number,
  name,
  ...(passwordHash !== undefined && { password_hash: passwordHash }),
  sessions: [...sessions],
  seen_at: seenAt,
  seen_in: seenIn,
  newest: messages.newest,
})

const roomRecord = ({ number, name, topic, visibility, admin, messages }: Room): RoomRecord => ({
  type: 'room',
  number,
  ...(name !== undefined && { name }),
  ...(topic !== undefined && { topic }),
  visibility,
  admin: admin.number,
  newest: messages.newest,
})
