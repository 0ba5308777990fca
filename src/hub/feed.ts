import type { Room as RoomView } from '../../schemas/events.js'
import type { JournalEvent } from '../archive/journal.js'
import type { ChatState } from '../chat/chat-state.js'
import type { ChatEvent, Created } from '../chat/events.js'
import { isoTime } from '../chat/state/message-json.js'
import { isRoom, targetOf, type Room } from '../chat/state/rooms.js'
import type { User } from '../chat/state/users.js'
import { messageEventJson, type EventWindow } from './event-window.js'
import type { Audience, Hub } from './hub.js'
import { eventJson, LiveEvent } from './live-event.js'

/** The number of no user. */
const nobody = -1

/** What clients are told of something that has happened. */
interface Notice {
  readonly audience: Audience
  readonly event: NonNullable<JournalEvent['event']>
}

/** Turns what happens in the state into events for clients: they are kept for a while, and told to those who listen. */
export class Feed {
  private position = 0
  private index = 0

  /** @param keep Told of each event, to be kept over a restart. */
  constructor(
    private readonly state: ChatState,
    private readonly window: EventWindow,
    private readonly hub: Hub,
    private readonly keep: (event: JournalEvent) => void,
  ) {}

  /** Takes in what has happened in the latest entry. */
  take(event: ChatEvent): void {
    this.hub.follow(event)
    if (event.type === 'message.created') {
      this.tellMessage(event)
      return
    }
    const notice = noticeOf(event, this.state)
    if (notice) this.tell(notice)
  }

  private tell({ audience, event }: Notice): void {
    const { position, time: at } = this.state
    const index = this.nextIndex()
    const targets = audience === 'everybody' ? [] : audience.map(targetOf)
    this.note({ position, index, at, targets, event })
    if (this.isHeard(audience)) {
      const cursor = this.window.cursors.write(position, index)
      this.hub.tell(audience, new LiveEvent(eventJson(event, isoTime(at), cursor), cursor))
    }
  }

  private tellMessage(created: Created): void {
    const { id, sentAt: at } = created
    const { position } = this.state
    const index = this.nextIndex()
    const audience = this.audienceOf(created)
    this.note({ position, index, at, targets: audience.map(targetOf), messageId: id })
    if (!this.isHeard(audience)) return
    const cursor = this.window.cursors.write(position, index)
    this.hub.tell(audience, this.messageEvent(created, cursor))
  }

  /** The event of a message; its sender, and nobody else, sees its `client_id`. */
  private messageEvent({ id, sentAt, senderNumber, clientId }: Created, cursor: string): LiveEvent {
    const seenBy = (viewer: number, instead?: LiveEvent['instead']) =>
      new LiveEvent(messageEventJson(this.state.messages, id, viewer, isoTime(sentAt), cursor), cursor, instead)
    const sender = clientId === undefined ? undefined : this.state.users.get(senderNumber)
    if (!sender || !this.hub.hears(sender)) return seenBy(nobody)
    return seenBy(nobody, { user: sender, event: seenBy(senderNumber) })
  }

  private audienceOf({ to, senderNumber }: Created): (User | Room)[] {
    if (isRoom(to) || to.number === senderNumber || senderNumber === 0) return [to]
    return [to, this.state.users.get(senderNumber)]
  }

  private isHeard(audience: Audience): boolean {
    return audience === 'everybody' || audience.some((to) => this.hub.hears(to))
  }

  private note(event: JournalEvent): void {
    this.window.add(event)
    this.keep(event)
  }

  /** The place of the next event among those of the latest entry. */
  private nextIndex(): number {
    const { position } = this.state
    this.index = position === this.position ? this.index + 1 : 0
    this.position = position
    return this.index
  }
}

function noticeOf(event: ChatEvent, { announcement }: ChatState): Notice | undefined {
  switch (event.type) {
    case 'announced':
      return { audience: 'everybody', event: { type: 'announcement.updated', announcement } }
    case 'room.created':
    case 'room.updated':
      return { audience: [event.room], event: { type: event.type, room: viewOf(event.room) } }
    case 'member.left': {
      const { room, user } = event
      return {
        audience: [room, user],
        event: { type: 'member.left', room_id: room.id, username: user.name },
      }
    }
    default:
      return undefined
  }
}

const viewOf = ({ id, name, topic, visibility, admin, members }: Room): RoomView => ({
  room_id: id,
  ...(name !== undefined && { name }),
  ...(topic !== undefined && { topic }),
  visibility,
  admin: admin.name,
  member_count: members.size,
})
