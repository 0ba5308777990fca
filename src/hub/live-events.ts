import type { CloseReason } from '../../schemas/close-codes.js'
import type { JournalEvent } from '../archive/journal.js'
import { EventWindow } from './event-window.js'
import { Feed } from './feed.js'
import { Hub } from './hub.js'
import { Presence, type ConnectedNow, type PresenceTimes } from './presence.js'
import { Subscription, type Beginning, type Caller, type Sink, type Source } from './subscription.js'
import type { Window } from '../log/log-file.js'
import type { Access } from '../chat/access.js'
import type { ChatState } from '../chat/chat-state.js'
import type { ChatEvent } from '../chat/events.js'
import { isoTime } from '../chat/state/message-json.js'
import type { User } from '../chat/state/users.js'

export interface LiveEventsOptions {
  /** How much of what was told is kept for those who come back. */
  readonly window: Window
  /** How presence is told; as in production, unless said otherwise. */
  readonly presenceTimes?: PresenceTimes | undefined
  /** Gives the time, in ms since the epoch. */
  readonly now: () => number
  /** Told of each event that is in the log, to be kept over a restart. */
  readonly keep: (event: JournalEvent) => void
}

/** The latest direct messages that say with whom a user is in touch. */
const recentMessages = 100

/** Those who listen, and what they are told. */
export class LiveEvents implements Source {
  readonly hub = new Hub()
  readonly window: EventWindow
  private readonly feed: Feed
  private readonly presence: Presence
  private readonly clock: () => number

  constructor(
    private readonly state: ChatState,
    private readonly access: Access,
    log: { readonly epoch: string },
    options: LiveEventsOptions,
  ) {
    this.clock = options.now
    this.window = new EventWindow(state, log, options.window, options.now)
    this.feed = new Feed(state, this.window, this.hub, options.keep)
    this.presence = new Presence(
      this.hub,
      (user) => this.inTouch(user),
      () => this.now(),
      options.presenceTimes,
    )
  }

  /** Takes in what has happened in the latest entry, and tells it. */
  take(event: ChatEvent): void {
    this.feed.take(event)
    if (event.type === 'user.removed') this.presence.remove(event.user)
  }

  /** Begins to listen. The user must be one that the credentials may act as. */
  listen(caller: Caller, beginning: Beginning, sink: Sink): Subscription {
    const subscription = new Subscription(this, caller, sink)
    this.presence.begin(caller.user)
    try {
      subscription.start(beginning)
    } catch (error) {
      subscription.end()
      throw error
    }
    return subscription
  }

  isConnected(user: User): boolean {
    return this.presence.isConnected(user)
  }

  refusal({ user, credentials }: Caller): CloseReason | undefined {
    if (!this.state.users.has(user)) return 'user_removed'
    return this.access.allows(user, credentials) ? undefined : 'session_ended'
  }

  now(): string {
    return isoTime(this.clock())
  }

  around(user: User): ConnectedNow {
    return this.presence.around(user)
  }

  onEnd(user: User): void {
    this.presence.end(user)
  }

  close(): void {
    this.presence.close()
  }

  /** Those with whom a user has exchanged direct messages lately. */
  private inTouch(user: User): Set<User> {
    const others = new Set<User>()
    for (const number of this.window.partners(user, recentMessages)) {
      const other = this.state.users.findNumber(number)
      if (other && other !== user) others.add(other)
    }
    return others
  }
}
