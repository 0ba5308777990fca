import { typingSeconds } from '../../schemas/events.js'
import { BoundedMap } from '../base/bounded-map.js'
import type { Hub } from './hub.js'
import { eventJson, LiveEvent } from './live-event.js'
import type { ChatState } from '../chat/chat-state.js'
import { meansRoom } from '../chat/names.js'
import { isoTime } from '../chat/state/message-json.js'
import { checkMember, isRoom, type Room } from '../chat/state/rooms.js'
import type { User } from '../chat/state/users.js'

/** The least pause between two events of one user in one conversation, in ms. */
const pause = 2000
/** Events that one conversation is told at most in so many ms: what is more is not told. */
const most = { events: 5, window: 1000 }
/** Users, and conversations, that are remembered for that, at least. */
const remembered = 10_000

/** Who is typing. It is told to those who listen in the conversation, and kept nowhere. */
export class Typing {
  private readonly latest = new BoundedMap<number>()
  private readonly counts = new BoundedMap<{ count: number; readonly until: number }>()

  /** @param now Gives the time, in ms since the epoch. */
  constructor(
    private readonly state: ChatState,
    private readonly hub: Hub,
    private readonly now: () => number,
  ) {}

  /** @throws {ChatError} user_not_found, room_not_found, not_a_member */
  tell(user: User, recipient: string): void {
    const to = this.resolve(recipient, user)
    if (!this.hub.hears(to) || to === user || !this.isDue(user, to)) return
    const address = isRoom(to) ? to.id : to.name
    const members = { type: 'typing', username: user.name, recipient: address, seconds: typingSeconds }
    const event = new LiveEvent(eventJson(members, isoTime(this.now())), undefined, { user, event: undefined })
    this.hub.tell([to], event)
  }

  private resolve(recipient: string, user: User): User | Room {
    if (!meansRoom(recipient)) return this.state.users.named(recipient)
    const room = this.state.rooms.named(recipient)
    checkMember(room, user)
    return room
  }

  private isDue(user: User, to: User | Room): boolean {
    const now = performance.now()
    const conversation = isRoom(to) ? `room ${to.number}` : `user ${to.number}`
    const key = `${user.number} ${conversation}`
    if (now - (this.latest.get(key) ?? -Infinity) < pause) return false
    let window = this.counts.get(conversation)
    if (!window || window.until <= now) {
      window = { count: 0, until: now + most.window }
      this.counts.set(conversation, window, remembered)
    }
    if (window.count++ >= most.events) return false
    this.latest.set(key, now, remembered)
    return true
  }
}
