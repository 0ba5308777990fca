import type { CloseReason } from '../../schemas/close-codes.js'
import type { Beginning, Caller, Sink, Subscription } from '../chat/ports.js'
import type { User } from '../chat/tables/users.js'
import type { EventWindow } from './event-window.js'
import type { Hub, Subscriber } from './hub.js'
import type { ConnectedNow } from './presence.js'
import { eventJson, ToldBatch, ToldEvent } from './told-event.js'

/** What a subscription needs of the chat. */
export interface Source {
  readonly hub: Hub
  readonly window: EventWindow
  /** Why somebody may not listen any more; undefined if it may. */
  refusal(caller: Caller): CloseReason | undefined
  /** The time, as events say it. */
  now(): string
  /** Who is connected, of those of whom the user is told. */
  around(user: User): ConnectedNow
  onEnd(user: User): void
}

/** A backlog is read in pages of so many events, or of so many bytes. */
const page = { events: 256, bytes: 2 ** 18 }

/**
 * One listener: first all that it has missed, as fast as it takes it, then what happens, without a seam between the two:
 * both are in the one order of the window, and it goes live in the same turn in which it has read the window to its end.
 */
export class HubSubscription implements Subscriber, Subscription {
  live = false
  /** The number of the last event of the window that it has been given. */
  private last: number
  private ended = false

  constructor(
    private readonly source: Source,
    private readonly caller: Caller,
    private readonly sink: Sink,
  ) {
    this.last = source.window.newest
  }

  get user(): User {
    return this.caller.user
  }

  /** Says hello, and begins. */
  start({ lastEventId, hello }: Beginning): void {
    const { hub, window } = this.source
    hub.subscribe(this)
    const known = lastEventId === undefined ? window.newest : window.find(lastEventId)
    if (hello) {
      const cursor = lastEventId !== undefined && known !== undefined ? lastEventId : window.cursor
      const { user, source } = this
      this.give(this.signal('hello', cursor, { username: user.name, ...hello, ...source.around(user) }))
    }
    if (known === undefined) this.resync()
    else this.last = known
    this.resume()
  }

  /** Goes on with the backlog, if there is one. */
  resume(): void {
    while (!this.live && !this.ended && this.sink.hasRoom) {
      const events = this.nextPage()
      if (!events) this.resync()
      else if (events.length > 0) this.sink.take(new ToldBatch(events))
      else {
        // What has been told so far has just been read from the window.
        this.source.hub.flush(this)
        this.live = true
      }
    }
  }

  deliver(batch: ToldBatch): void {
    this.sink.take(batch)
  }

  recheck(): void {
    const reason = this.source.refusal(this.caller)
    if (reason) this.sink.close(reason)
  }

  /** Gives what has been told, and then the cursor behind it. */
  settle(): string {
    this.source.hub.flush(this)
    return this.source.window.cursor
  }

  /** Ends it; to end it twice is harmless. */
  end(): void {
    if (this.ended) return
    this.ended = true
    this.source.hub.unsubscribe(this)
    this.source.onEnd(this.user)
  }

  /** The next events of the backlog; none at its end, undefined if it has a gap. */
  private nextPage(): ToldEvent[] | undefined {
    const { window } = this.source
    for (;;) {
      const numbers = window.after(this.user, this.last, page.events)
      if (!numbers || numbers.length === 0) return numbers && []
      const events = this.eventsOf(numbers)
      // Of those of a page, nobody may read any more what they tell of.
      if (!events || events.length > 0) return events
    }
  }

  /** Some of them, from the first on; undefined if one is missing. */
  private eventsOf(numbers: readonly number[]): ToldEvent[] | undefined {
    const events: ToldEvent[] = []
    let bytes = 0
    for (const number of numbers) {
      const event = this.source.window.event(number, this.user.number)
      if (!event) return undefined
      this.last = number
      if (event === 'gone') continue
      events.push(event)
      bytes += event.json.length
      if (bytes > page.bytes) break
    }
    return events
  }

  private resync(): void {
    const { window } = this.source
    this.last = window.newest
    this.give(this.signal('resync', window.cursor, {}))
  }

  private signal(type: string, cursor: string, members: object): ToldEvent {
    return new ToldEvent(eventJson(type, members, this.source.now(), cursor), cursor)
  }

  private give(event: ToldEvent): void {
    this.sink.take(new ToldBatch([event]))
  }
}
