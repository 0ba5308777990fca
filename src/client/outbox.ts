import { Backoff } from './backoff.js'
import { Bell } from './bell.js'
import { ChatRoomError, isOfServer, unreachable } from './chatroom-error.js'
import { moved, type Connection } from './connection.js'
import { FrameBudget } from './frame-budget.js'
import type { Http } from './http.js'
import { delay, Pause } from './pause.js'
import { Sending, type MessageToSend, type Sent } from './sending.js'
import type { Timing } from './timing.js'
import { onWake } from './wake.js'

export interface OutboxSetup {
  readonly http: Http
  readonly timing: Timing
  /** How many messages wait at most. */
  readonly limit: number
  /** How many of them are said at most before the first is answered. */
  readonly window: number
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
 * The messages on their way, in order. On a live connection several are said before the first is answered. If it breaks,
 * those without an answer are said anew, from the first on: whatever came through of the first time was the beginning of
 * the same, and a repeat with the same `client_id` sends nothing again. Requests, which could overtake each other, go one
 * by one; so does everything after a failure that passes, until something has gone well. A message that is refused for good,
 * by the server or by what stands between, is the end of that message alone.
 */
export class Outbox {
  readonly #sendings: Sending[] = []
  readonly #backoff: Backoff
  readonly #budget: FrameBudget
  readonly #pause = new Pause()
  /** Rings when there is another message, or one less, or somebody knows better. */
  readonly #news = new Bell()
  /** Ends the request that is under way, if one is. */
  #cut = (): void => undefined
  #window: number
  #isRunning = false

  constructor(private readonly setup: OutboxSetup) {
    this.#backoff = new Backoff(setup.timing.retry, setup.timing.longestRetry)
    this.#budget = new FrameBudget(setup.frameRate)
    this.#window = setup.window
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
    const giveUp = (): void => {
      if (this.#sendings[0] === sending) this.#cut()
      this.#remove(sending, signal?.reason)
    }
    signal?.addEventListener('abort', giveUp)
    this.#sendings.push(sending)
    this.#news.ring()
    if (!this.#isRunning) void this.#run()
    return sending.sent.finally(() => signal?.removeEventListener('abort', giveUp))
  }

  /** Does not wait any longer: neither before the next try, nor for an answer to the last, which may be lost. */
  retry(): void {
    this.#cut()
    this.#pause.end()
    this.#news.ring()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    const stop = onWake(() => this.retry())
    for (let first; (first = this.#sendings[0]);) {
      if (this.#isNobodys(first)) {
        await this.#news.wait()
        continue
      }
      const live = this.#liveFor(first)
      const failure = live ? await this.#say(live) : await this.#settle(first, this.#post(first))
      if (failure && !(live && this.#leave(live, failure)))
        await this.#pause.wait((failure.retryAfter ?? 0) * 1000 + this.#backoff.next())
    }
    stop()
    this.#isRunning = false
  }

  /** Goes on to another server, if that may do better. Gives whether there is one. */
  #leave({ url }: Connection, failure: ChatRoomError): boolean {
    const { servers } = this.setup.http
    if (!isOfServer(failure)) return false
    servers.leave(url)
    return servers.count > 1
  }

  /** The live connection, if the message can be said there. */
  #liveFor(sending: Sending): Connection | undefined {
    const live = this.setup.connection()
    if (!live || !this.setup.http.servers.isReady(live.url)) return undefined
    const isFrame = sending.message.message.length <= longestFrame && !sending.breaksConnections
    return isFrame && live.speaksAs(this.#senderOf(sending)) ? live : undefined
  }

  /** Who sends it: whoever it was then, or is found out to be. */
  #senderOf({ message }: Sending): string | undefined {
    return (message.sender ??= this.setup.http.session.username)
  }

  /** Whether it is not known yet whom the token is of. */
  #isNobodys(sending: Sending): boolean {
    return this.#senderOf(sending) === undefined && this.setup.http.session.token !== undefined
  }

  /** Says all that it can. Gives why the first that is left has to wait, once nothing is under way. */
  async #say(live: Connection): Promise<ChatRoomError | undefined> {
    let failure: ChatRoomError | undefined
    const underWay = new Set<Sending>()
    const say = async (sending: Sending): Promise<void> => {
      const in_order = underWay.size > 0
      const isAlone = this.#window === 1
      underWay.add(sending)
      const { client_id, recipient, message } = sending.message
      const error = await this.#settle(sending, live.ask({ type: 'send', client_id, recipient, message, in_order }))
      if (isAlone && error?.code === 'unreachable') sending.breaksConnections = true
      failure ??= error
      underWay.delete(sending)
      this.#budget.answered()
      this.#news.ring()
    }
    for (;;) {
      const next = failure ? undefined : this.#sendings.find((sending) => !underWay.has(sending))
      if (next && underWay.size < this.#window && this.#liveFor(next) === live) {
        const pause = this.#budget.pause(underWay.size)
        if (pause > 0) await delay(pause)
        else void say(next)
      } else if (underWay.size > 0) await this.#news.wait()
      else return failure
    }
  }

  #post({ message }: Sending): Promise<Partial<Sent>> {
    const { http, timing } = this.setup
    const over = new AbortController()
    this.#cut = () => over.abort()
    const { servers } = http
    const timer = setTimeout(() => {
      servers.leave(servers.current)
      this.#cut()
    }, timing.answer)
    const answer = http.call('sendMessage', message, { signal: over.signal })
    return answer.then(this.#follow).finally(() => clearTimeout(timer))
  }

  /** Has the live connection where messages are taken. */
  readonly #follow = <A>(answer: A): A => {
    const live = this.setup.connection()
    if (live && live.url !== this.setup.http.servers.current) live.end(moved)
    return answer
  }

  /** Hands on the answer. Gives a failure that passes, after which the message is still to be sent. */
  async #settle(sending: Sending, answer: Promise<Partial<Sent>>): Promise<ChatRoomError | undefined> {
    try {
      const { message_id, sent_at, event_id } = (await answer) as Sent & { readonly event_id?: string }
      this.setup.http.progress.wrote(event_id)
      sending.resolve({ message_id, sent_at, client_id: sending.message.client_id })
      this.#remove(sending)
      this.#backoff.reset()
      this.#window = this.setup.window
      return undefined
    } catch (thrown) {
      const error = thrown instanceof ChatRoomError ? thrown : unreachable(thrown)
      if (error.temporary) {
        this.#window = 1
        return error
      }
      this.#remove(sending, error)
      return undefined
    }
  }

  /** One that was given up leaves the queue, even if it is under way. */
  #remove(sending: Sending, error?: unknown): void {
    const place = this.#sendings.indexOf(sending)
    if (place >= 0) this.#sendings.splice(place, 1)
    if (error !== undefined) sending.reject(error)
    this.#news.ring()
  }
}
