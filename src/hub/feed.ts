import type { ChatState } from '../chat/chat-state.js'
import { targetsOf, type Applied, type Audience, type ChatEvent } from '../chat/events.js'
import { isoTime } from '../chat/messages/message-json.js'
import { messageEventJson, type EventWindow } from './event-window.js'
import type { Hub } from './hub.js'
import { eventJson, ToldEvent } from './told-event.js'

/** The number of no user. */
const nobody = -1

/** Keeps the events of each entry for a while, and tells them to those who listen. */
export class Feed {
  constructor(
    private readonly state: ChatState,
    private readonly window: EventWindow,
    private readonly hub: Hub,
  ) {}

  take({ position, at, changes, events }: Applied): void {
    this.hub.followMembers(this.state, changes)
    // Not by `entries()`: this is done for each send.
    let index = 0
    for (const event of events) {
      const { audience } = event
      this.window.add(event, targetsOf(audience), { position, index, at })
      if (this.isHeard(audience))
        this.hub.tell(audience, this.told(event, at, this.window.cursors.write(position, index)))
      index++
    }
    // Whoever is gone has heard of it.
    this.hub.followSessions(this.state, changes)
  }

  private told({ type, messageId, body = {} }: ChatEvent, at: number, cursor: string): ToldEvent {
    return messageId === undefined
      ? new ToldEvent(eventJson(type, body, isoTime(at), cursor), cursor)
      : this.messageEvent(type, messageId, isoTime(at), cursor)
  }

  /** The event of a message; its sender, and nobody else, sees its `client_id`. */
  private messageEvent(type: string, id: number, at: string, cursor: string): ToldEvent {
    const { messages, users } = this.state
    const seenBy = (viewer: number, instead?: ToldEvent['instead']) =>
      new ToldEvent(messageEventJson(messages, type, id, viewer, at, cursor), cursor, instead)
    const sender = users.findNumber(messages.ownerOf(id))
    if (!sender || !this.hub.hears(sender)) return seenBy(nobody)
    return seenBy(nobody, { user: sender, event: seenBy(sender.number) })
  }

  private isHeard(audience: Audience): boolean {
    return audience === 'everybody' || audience.some((to) => this.hub.hears(to))
  }
}
