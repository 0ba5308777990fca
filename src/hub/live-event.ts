import type { User } from '../chat/state/users.js'

/** Puts an event into the form of a transport. */
export interface Framing {
  /** From 0, each its own: an event remembers its bytes by it. */
  readonly number: number
  frame(json: Buffer, eventId: string | undefined): Buffer
}

/** What one user gets instead: the sender of a message its `client_id`; who is typing, nothing. */
interface Instead {
  readonly user: User
  readonly event: LiveEvent | undefined
}

/** An event as it goes to clients: written once, and framed once for each kind of transport. */
export class LiveEvent {
  private readonly frames: Buffer[] = []

  /** @param eventId Its cursor; a passing event has none. */
  constructor(
    readonly json: Buffer,
    readonly eventId?: string,
    readonly instead?: Instead | undefined,
  ) {}

  as(framing: Framing): Buffer {
    return (this.frames[framing.number] ??= framing.frame(this.json, this.eventId))
  }

  /** What this user gets. */
  for(user: User): LiveEvent | undefined {
    return this.instead?.user === user ? this.instead.event : this
  }
}

/** Events that go out together. Its bytes are joined once for all who get the same. */
export class Batch {
  private readonly joined: Buffer[] = []

  constructor(readonly events: readonly LiveEvent[]) {}

  as(framing: Framing): Buffer {
    return (this.joined[framing.number] ??= this.join(framing))
  }

  private join(framing: Framing): Buffer {
    const [only] = this.events
    return only && this.events.length === 1
      ? only.as(framing)
      : Buffer.concat(this.events.map((event) => event.as(framing)))
  }
}

/** An event that is not of a message, as JSON. */
export const eventJson = (
  { type, ...members }: { readonly type: string; readonly [member: string]: unknown },
  at: string,
  eventId?: string,
): Buffer => Buffer.from(JSON.stringify({ type, ...(eventId !== undefined && { event_id: eventId }), at, ...members }))
