import { typingSeconds } from '../../schemas/events.js'
import { BoundedMap } from '../base/bounded-map.js'
import type { Peers } from '../base/peers.js'
import type { ChatState } from '../chat/chat-state.js'
import type { Hub } from './hub.js'
import { eventJson, ToldEvent } from './told-event.js'
import { isoTime } from '../chat/messages/message-json.js'
import { isRoom, targetOf, type Room } from '../chat/tables/rooms.js'
import type { User } from '../chat/tables/users.js'

/** The least pause between two events of one user in one conversation, in ms. */
const pause = 2000
/** Events that one conversation is told at most in so many ms: what is more is not told. */
const most = { events: 5, window: 1000 }
/** Users, and conversations, that are remembered for that, at least. */
const remembered = 10_000

/** What nodes tell each other. */
interface Told {
  /** The number of the user. */
  readonly user: number
  /** The number of the user, or minus that of the room, where it types. */
  readonly to: number
}

/** Who is typing. It is told to those who listen in the conversation, and kept nowhere. */
export class Typing {
  private readonly latest = new BoundedMap<number>()
  private readonly counts = new BoundedMap<{ count: number; readonly until: number }>()

  /**
   * @param peers Where others listen.
   * @param now Gives the time, in ms since the epoch.
   */
  constructor(
    private readonly hub: Hub,
    private readonly peers: Peers,
    { users, rooms }: ChatState,
    private readonly now: () => number,
  ) {
    peers.on('typing', (body) => {
      const { user, to } = body as Told
      const [typist, conversation] = [users.findNumber(user), to > 0 ? users.findNumber(to) : rooms.find(-to)]
      if (!typist || !conversation || !hub.hears(conversation)) return
      // However many nodes tell of a conversation, those who listen here are not told too often.
      if (this.isDue(typist, conversation)) this.showHere(typist, conversation)
    })
  }

  /** Tells those who listen in a conversation, but not too often. */
  show(user: User, to: User | Room): void {
    const isHeard = this.hub.hears(to)
    if (to === user || !(isHeard || this.peers.areThere) || !this.isDue(user, to)) return
    if (isHeard) this.showHere(user, to)
    this.peers.tell('typing', { user: user.number, to: targetOf(to) } satisfies Told)
  }

  private showHere(user: User, to: User | Room): void {
    const recipient = isRoom(to) ? to.id : to.name
    const json = eventJson('typing', { username: user.name, recipient, seconds: typingSeconds }, isoTime(this.now()))
    this.hub.tell([to], new ToldEvent(json, undefined, { user, event: undefined }))
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
