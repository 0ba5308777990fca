import type { CloseReason } from '../../schemas/close-codes.js'
import { Deadlines } from '../hub/deadlines.js'
import type { Batch, Beginning, LiveEvent, Sink, Subscription } from '../chat/ports.js'
import type { Connection, Host } from './connections.js'
import { closingEvent } from './event-stream.js'

export interface PollOptions {
  /** Where the client is; undefined if it has just come. */
  readonly cursor: string | undefined
  /** How long to wait for an event, in ms. */
  readonly wait: number
  /** Aborted when the client is gone. */
  readonly hungUp: AbortSignal
}

/** An answer has no more of a backlog than so many bytes, or one page more. */
const most = 2 ** 18
const deadlines = new Deadlines()

/** A long poll: it ends with the first events, or when the time is over. */
export class EventPoll implements Sink, Connection {
  /** The answer, as the JSON of an `EventsResult`. */
  readonly answer: Promise<string>
  private readonly events: LiveEvent[] = []
  private bytes = 0
  private readonly subscription: Subscription
  private finish: () => void = () => undefined

  constructor(
    private readonly host: Host,
    readonly caller: Connection['caller'],
    beginning: Beginning,
    private readonly options: PollOptions,
  ) {
    const { wait, hungUp } = options
    this.subscription = host.listen(caller, beginning, this)
    const over = new Promise<void>((resolve) => (this.finish = resolve))
    if (this.events.length > 0 || wait <= 0) this.finish()
    const cancel = deadlines.add(wait, this.finish)
    hungUp.addEventListener('abort', this.finish)
    this.answer = over.then(() => {
      cancel()
      hungUp.removeEventListener('abort', this.finish)
      const cursor = this.subscription.settle()
      this.subscription.end()
      host.end(this)
      return this.json(cursor)
    })
  }

  get hasRoom(): boolean {
    return this.bytes < most
  }

  take({ events }: Batch): void {
    for (const event of events) {
      this.events.push(event)
      this.bytes += event.json.length
    }
    this.finish()
  }

  beat(): void {
    // It is over before a heartbeat could say anything.
  }

  close(reason: CloseReason): void {
    this.events.push(closingEvent(reason, this.host.now()))
    this.finish()
  }

  /** @param newest The cursor behind all that has been: where there is no event, so that the client's does not grow old. */
  private json(newest: string): string {
    const events = this.events.map(({ json }) => json.toString()).join(',')
    const last = this.events.findLast(({ eventId }) => eventId !== undefined)
    const cursor = last?.eventId ?? (this.events.length > 0 ? this.options.cursor : undefined) ?? newest
    return `{"status":"success","events":[${events}],"event_id":${JSON.stringify(cursor)}}`
  }
}
