import { Backoff } from './backoff.js'
import { ChatRoomError, unreachable } from './chatroom-error.js'
import type { Connection } from './connection.js'
import type { Http } from './http.js'
import { Pace } from './pace.js'
import { delay, Pause } from './pause.js'
import { Sending, type MessageToSend, type Sent } from './sending.js'
import type { Timing } from './timing.js'

export interface OutboxSetup {
  readonly http: Http
  readonly timing: Timing
  /** How many messages wait at most. */
  readonly limit: number
  /** Frames a second at most. */
  readonly frameRate: number
  /** The live connection, if there is one. */
  readonly connection: () => Connection | undefined
}

/** A frame may have so many characters; a server that is sent a larger one than it takes closes the connection. */
const longestFrame = 16_384

/** No server takes a text of more UTF-16 units; one that is sent too much may be gone before its answer is read. */
const longestText = 200_000

/**
 * The messages on their way, in order. One at a time: of several under way, a later one could be accepted where an earlier
 * one has failed for the moment, and would overtake it. Each is said with the same `client_id` until it is answered.
 */
export class Outbox {
  readonly #sendings: Sending[] = []
  readonly #backoff: Backoff
  readonly #pace: Pace
  readonly #pause = new Pause()
  #isRunning = false

  constructor(private readonly setup: OutboxSetup) {
    this.#backoff = new Backoff(setup.timing.retry, setup.timing.longestRetry)
    this.#pace = new Pace(setup.frameRate)
  }

  /**
   * @throws {ChatRoomError} `queue_full`; `payload_too_large`; the server's last word
   * @throws the reason of `signal`
   */
  async add(message: MessageToSend, signal?: AbortSignal): Promise<Sent> {
    signal?.throwIfAborted()
    if (this.#sendings.length >= this.setup.limit)
      throw new ChatRoomError('queue_full', `${this.setup.limit} messages wait to be sent.`)
    if (message.message.length > longestText)
      throw new ChatRoomError('payload_too_large', 'The message is too long.', { status: 413, temporary: false })
    const sending = new Sending(message)
    const giveUp = (): void => this.#remove(sending, signal?.reason)
    signal?.addEventListener('abort', giveUp)
    this.#sendings.push(sending)
    if (!this.#isRunning) void this.#run()
    return sending.sent.finally(() => signal?.removeEventListener('abort', giveUp))
  }

  /** Does not wait any longer before the next try. */
  retry(): void {
    this.#pause.end()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    for (let sending; (sending = this.#sendings[0]);) {
      try {
        sending.resolve(await this.#attempt(sending.message))
        this.#remove(sending)
        this.#backoff.reset()
      } catch (thrown) {
        const error = thrown instanceof ChatRoomError ? thrown : unreachable(thrown)
        if (error.temporary) await this.#pause.wait((error.retryAfter ?? 0) * 1000 + this.#backoff.next())
        else this.#remove(sending, error)
      }
    }
    this.#isRunning = false
  }

  /** One try, on the live connection if that takes frames. */
  async #attempt({ sender, recipient, message, client_id }: MessageToSend): Promise<Sent> {
    const { http, timing, connection } = this.setup
    const live = connection()
    let answer: Partial<Sent>
    if (live?.speaksAs(sender) && message.length <= longestFrame) {
      await delay(this.#pace.next())
      answer = await live.ask({ type: 'send', client_id, recipient, message })
    } else {
      const signal = AbortSignal.timeout(timing.answer)
      answer = await http.call('sendMessage', { sender, recipient, message, client_id }, { signal })
    }
    const { message_id, sent_at } = answer as Sent
    return { message_id, sent_at, client_id }
  }

  /** One that was given up before leaves the queue, but what is under way has to end before the next. */
  #remove(sending: Sending, error?: unknown): void {
    const place = this.#sendings.indexOf(sending)
    if (place >= 0) this.#sendings.splice(place, 1)
    if (error !== undefined) sending.reject(error)
  }
}
