import type { Batch, Framing, LiveEvent } from '../chat/ports.js'
import type { User } from '../chat/tables/users.js'

/** What one user gets instead: the sender of a message its `client_id`; who is typing, nothing. */
interface Instead {
  readonly user: User
  readonly event: ToldEvent | undefined
}

/** An event: written once, and framed once for each kind of transport. */
export class ToldEvent implements LiveEvent {
  private readonly frames: Buffer[] = []

  constructor(
    readonly json: Buffer,
    readonly eventId?: string,
    readonly instead?: Instead | undefined,
  ) {}

  as(framing: Framing): Buffer {
    return (this.frames[framing.number] ??= framing.frame(this.json, this.eventId))
  }

  /** What this user gets. */
  for(user: User): ToldEvent | undefined {
    return this.instead?.user === user ? this.instead.event : this
  }
}

/** Events whose bytes are joined once for all who get the same. */
export class ToldBatch implements Batch {
  private readonly joined: Buffer[] = []

  constructor(readonly events: readonly ToldEvent[]) {}

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
export const eventJson = (type: string, body: object, at: string, eventId?: string): Buffer =>
  Buffer.from(JSON.stringify({ type, ...(eventId !== undefined && { event_id: eventId }), at, ...body }))
