import type { CloseReason } from '../../schemas/close-codes.js'
import type { Access } from '../chat/access.js'
import type { ChatState } from '../chat/chat-state.js'
import type { Applied, KeptEvent, Projection } from '../chat/events.js'
import { isoTime } from '../chat/messages/message-json.js'
import type { Asker, Beginning, Caller, Live, Sink, Subscription } from '../chat/ports.js'
import type { Room } from '../chat/tables/rooms.js'
import { changesOf } from '../chat/tables/table.js'
import type { User } from '../chat/tables/users.js'
import type { Log } from '../log/log.js'
import { CatchUp } from './catch-up.js'
import { EventWindow } from './event-window.js'
import { Feed } from './feed.js'
import { Hub } from './hub.js'
import { LongPolls } from './long-polls.js'
import { Presence, type ConnectedNow, type PresenceTimes } from './presence.js'
import { HubSubscription, type Source } from './subscription.js'
import { Typing } from './typing.js'
import { noPeers, type Peers } from '../base/peers.js'
import type { Window } from '../base/window.js'

export interface LiveEventsOptions {
  /** How much of what was told is kept for those who come back. */
  readonly window: Window
  /** How presence is told; as in production, unless said otherwise. */
  readonly presenceTimes?: PresenceTimes | undefined
  /** The other nodes of the chat; none, unless said otherwise. */
  readonly peers?: Peers | undefined
  /** How long it is waited for what other nodes have, in ms; as in production, unless said otherwise. */
  readonly catchUpMs?: number | undefined
  /** Gives the time, in ms since the epoch. */
  readonly now: () => number
}

/** The latest direct messages that say with whom a user is in touch. */
const recentMessages = 100

/** Those who listen, and what they are told. */
export class LiveEvents implements Live, Projection, Source {
  readonly hub = new Hub()
  readonly window: EventWindow
  private readonly feed: Feed
  private readonly presence: Presence
  private readonly polls = new LongPolls(this.hub)
  private readonly catchUp: CatchUp
  private readonly typing: Typing
  private readonly clock: () => number

  /** @param access Says who may go on listening. */
  constructor(
    private readonly state: ChatState,
    private readonly access: Access,
    private readonly log: Pick<Log, 'epoch' | 'isShared'>,
    options: LiveEventsOptions,
  ) {
    const { peers = noPeers } = options
    this.clock = options.now
    this.window = new EventWindow(state, log, options.window, options.now)
    this.catchUp = new CatchUp(options.catchUpMs)
    this.feed = new Feed(state, this.window, this.hub)
    this.typing = new Typing(this.hub, peers, state, options.now)
    this.presence = new Presence(
      this.hub,
      (user) => this.inTouch(user),
      () => this.now(),
      peers,
      (number) => state.users.findNumber(number),
      options.presenceTimes,
    )
  }

  /** Puts back what was kept over a restart; nothing of it is missing after this position. */
  restore(events: readonly KeptEvent[], after: number): void {
    this.window.restore(events, after)
  }

  take(applied: Applied): void {
    this.feed.take(applied)
    for (const { thing: user, isGone } of changesOf(applied.changes, this.state.users))
      if (isGone) this.presence.remove(user)
  }

  /** Lets those go on who wait for this entry; one that was refused has none whom it is told to. */
  reach(position: number): void {
    this.catchUp.reach(position)
  }

  get cursor(): string {
    return this.window.cursor
  }

  comeTo(cursor: string, asker: Asker): true | Promise<boolean> {
    const { position = 0 } = this.window.cursors.read(cursor) ?? {}
    if (position <= this.state.position || !this.log.isShared) return true
    return this.catchUp.wait(position, asker.signal)
  }

  listen(caller: Caller, beginning: Beginning, sink: Sink): Subscription {
    const subscription = new HubSubscription(this, caller, sink)
    this.presence.begin(caller.user)
    try {
      subscription.start(beginning)
    } catch (error) {
      subscription.end()
      throw error
    }
    return subscription
  }

  hears(to: User | Room): boolean {
    return this.hub.hears(to)
  }

  isConnected(user: User): boolean {
    return this.presence.isConnected(user)
  }

  showTyping(user: User, to: User | Room): void {
    this.typing.show(user, to)
  }

  wait(user: User, ms: number, hungUp?: AbortSignal): Promise<boolean> {
    return this.polls.wait(user, ms, hungUp)
  }

  releasePolls(): void {
    this.polls.close()
    this.catchUp.close()
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
    this.releasePolls()
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
