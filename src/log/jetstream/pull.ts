import { createInbox, nanos, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node'

/** A group as a stream hands it on. */
export interface StreamMessage {
  readonly sequence: number
  /** How many messages are behind it in the stream. */
  readonly pending: number
  readonly groupId: string
  readonly data: Uint8Array
}

export interface PullOptions {
  readonly connection: NatsConnection
  readonly stream: string
  readonly consumer: string
  /** Says how many messages may be under way at present. */
  readonly room: () => number
  readonly onMessage: (message: StreamMessage) => void
  /** Something has come, if only a sign of life. */
  readonly onLife: () => void
}

/** The server knows by it what it has stored already. */
export const groupIdHeader = 'Nats-Msg-Id'
/** Asked for at a time at most; asked for again when half of it is free. */
export const mostUnderWay = 32
/** After so long without a message the server gives a sign of life, in ms. */
const heartbeatMs = 1000
/** So many of these times without any, and the consumer is taken for dead. */
const silencesBorne = 3
/** An ask that nothing has come for ends after so long, in ms. */
const askMs = 30_000

/**
 * Asks a consumer for messages, as many as there is room for. It ends with the first thing that is doubtful: the server has
 * gone, the consumer has gone, an ask is refused. Who reads gets a new one then. The consumers of the library are silent for
 * ever where the server that hosts them dies.
 */
export class Pull {
  /** Fulfilled when it has ended. */
  readonly ended: Promise<void>
  private readonly options: PullOptions
  private readonly inbox = createInbox()
  private readonly subscription: Subscription
  private readonly watch: NodeJS.Timeout
  private underWay = 0
  private silences = 0
  private isEnded = false
  private markEnded!: () => void

  constructor(options: PullOptions) {
    this.options = options
    this.ended = new Promise((resolve) => {
      this.markEnded = resolve
    })
    this.subscription = options.connection.subscribe(this.inbox, {
      callback: (error, message) => {
        if (error) this.end()
        else this.take(message)
      },
    })
    this.watch = setInterval(() => this.look(), heartbeatMs)
    this.refill()
  }

  /** Asks for more, if there is room for some. */
  refill(): void {
    const { connection, stream, consumer, room } = this.options
    const batch = room() - this.underWay
    if (this.isEnded || batch < mostUnderWay / 2) return
    if (this.underWay === 0) this.silences = 0
    this.underWay += batch
    const ask = { batch, expires: nanos(askMs), idle_heartbeat: nanos(heartbeatMs) }
    try {
      connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, JSON.stringify(ask), { reply: this.inbox })
    } catch {
      this.end()
    }
  }

  end(): void {
    if (this.isEnded) return
    this.isEnded = true
    clearInterval(this.watch)
    this.subscription.unsubscribe()
    this.markEnded()
  }

  private take(message: Msg): void {
    if (this.isEnded) return
    this.silences = 0
    const { headers, reply = '' } = message
    const status = headers?.code ?? 0
    if (status === 0) {
      this.underWay--
      this.options.onLife()
      this.options.onMessage({ ...placeOf(reply), groupId: headers?.get(groupIdHeader) ?? '', data: message.data })
      this.refill()
    } else if (status === 100) this.options.onLife()
    else if (status === 408) {
      this.underWay -= Number(headers?.get('Nats-Pending-Messages') ?? 0)
      this.refill()
    } else this.end()
  }

  /** Timers that were held up come once; so a busy process does not take others for dead. */
  private look(): void {
    if (this.underWay === 0) return
    this.silences++
    if (this.silences > silencesBorne) this.end()
  }
}

/**
 * What the subject for acknowledgements says (ADR-15 of NATS): `$JS.ACK.STREAM.CONSUMER.DELIVERED.SEQUENCE.COUNT.TIME.PENDING`,
 * with a domain and an account before the stream in its second version.
 */
function placeOf(reply: string): { sequence: number; pending: number } {
  const tokens = reply.split('.')
  const shift = tokens.length > 9 ? 2 : 0
  return { sequence: Number(tokens[5 + shift]), pending: Number(tokens[8 + shift]) }
}
