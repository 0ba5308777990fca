import { Backoff } from './backoff.js'
import { ChatRoomError, isOfServer } from './chatroom-error.js'
import { Connected } from './connected.js'
import { Connection, moved, renewed, type Listener } from './connection.js'
import type { EventQueue } from './event-queue.js'
import type { Http } from './http.js'
import type { Ladder } from './ladder.js'
import { Pause } from './pause.js'
import { Probe } from './probe.js'
import type { StateHolder } from './state.js'
import type { Timing } from './timing.js'
import type { Transport } from './transports/transport.js'
import type { Event, HelloEvent } from './types.js'
import { onWake } from './wake.js'

export interface LiveSetup {
  readonly http: Http
  readonly ladder: Ladder
  readonly state: StateHolder
  readonly timing: Timing
  /** Told whenever a connection is open. */
  readonly onOpen: (username: string) => void
}

/** Why the client itself ends a connection. */
const ownReason = (message: string): ChatRoomError => new ChatRoomError('unreachable', message)
const left = ownReason('The connection is not wanted any more.')
const full = ownReason('The program takes events more slowly than they come.')
const outdone = ownReason('There is a better transport.')
/** After these it connects anew at once. */
const ownReasons = new Set([full, outdone, renewed, moved])
const changed = new ChatRoomError('user_changed', 'The client acts as another user now.', { temporary: false })

/** Keeps a connection: when one is over it opens the next, which goes on where the last one was. */
export class Live implements Listener {
  connection: Connection | undefined
  readonly #backoff: Backoff
  readonly #pause = new Pause()
  #probe: Probe | undefined
  /** Who listens, once that is known. */
  #username: string | undefined
  #left = false
  /** Whether the last connection has only lasted long enough: the next is open in a moment. */
  #isRenewed = false
  /** Servers that have failed one after the other. */
  #failed = 0
  readonly #connected = new Connected()

  constructor(
    private readonly setup: LiveSetup,
    private readonly queue: EventQueue,
    private cursor: string | undefined,
  ) {
    this.#backoff = new Backoff(setup.timing.retry, setup.timing.longestRetry)
  }

  /** Stays until it is left, or the server does not want the client back. */
  async run(): Promise<void> {
    const { state, http } = this.setup
    const stop = onWake(() => this.retry())
    try {
      while (!this.#left) await this.#connect()
    } catch (thrown) {
      // Whoever has logged out need not be told.
      const error = http.session.leaves ? undefined : (thrown as ChatRoomError)
      this.#left = true
      state.set({ name: 'idle', ...(error && { error }) })
      this.queue.end(error)
    }
    stop()
  }

  leave(): void {
    if (this.#left) return
    this.#left = true
    this.connection?.end(left)
    this.#pause.end()
    this.setup.state.set({ name: 'idle' })
  }

  /** Does not wait any longer before the next try, nor trusts that the connection is alive. */
  retry(): void {
    this.#pause.end()
    this.connection?.check()
  }

  hello(hello: HelloEvent): void {
    const { ladder, state, onOpen, http } = this.setup
    const { progress } = http
    const isFirst = this.#username === undefined
    this.#username ??= hello.username
    if (hello.username !== this.#username) return this.connection?.end(changed)
    ladder.works()
    this.cursor ??= hello.event_id
    progress.saw(hello.event_id)
    if (!this.#isRenewed) state.set({ name: 'connected', transport: ladder.current.name, username: hello.username })
    onOpen(hello.username)
    for (const event of isFirst ? [hello] : this.#connected.missed(hello)) this.#give(event)
    this.#lookForBetter()
  }

  event(event: Event): void {
    this.#give(event)
    if ('event_id' in event) this.cursor = event.event_id
    const { progress } = this.setup.http
    if (event.type === 'resync') progress.restart(event.event_id)
    else if ('event_id' in event) progress.saw(event.event_id)
    if (this.queue.isFull) this.connection?.end(full)
  }

  passed(cursor: string): void {
    this.cursor = cursor
  }

  #give(event: Event): void {
    this.#connected.follow(event)
    this.queue.push(event)
  }

  async #connect(): Promise<void> {
    const { ladder, state, timing, http } = this.setup
    if (this.queue.isFull) {
      state.set({ name: 'paused' })
      return this.queue.hasRoom()
    }
    const { name, transport } = ladder.current
    if (!this.#isRenewed) state.set({ name: 'connecting', transport: name })
    const connection = (this.connection = new Connection(
      // Where none can write, what there is can be read still.
      this.#failed < http.servers.count ? prepared(http, transport) : transport,
      http.servers.current,
      this.cursor,
      this,
      timing.patience,
    ))
    const reason = await connection.ended
    this.connection = undefined
    this.#probe?.end()
    this.#isRenewed = reason.code === 'renewed'
    if (!this.#left && !this.#isRenewed && !ownReasons.has(reason)) await this.#retry(connection, reason)
  }

  /** Waits until it is time for the next try. */
  async #retry(connection: Connection, reason: ChatRoomError): Promise<void> {
    const { ladder, state, http } = this.setup
    if (connection.goesOn) {
      this.#failed = 0
      this.#backoff.reset()
    }
    // One round, before anything else is to blame.
    if (isOfServer(reason)) {
      http.servers.leave(connection.url)
      if (++this.#failed < http.servers.count) return
    }
    if (blamesTransport(connection, reason) && ladder.fails()) return
    if (!http.passes(reason)) throw reason
    ladder.back()
    const pause = Math.ceil((reason.retryAfter ?? 0) * 1000 + this.#backoff.next())
    state.set({ name: 'waiting', retryAt: Date.now() + pause, error: reason })
    await this.#pause.wait(pause)
  }

  /** Tries better transports while this one works. */
  #lookForBetter(): void {
    const { ladder, timing } = this.setup
    if (ladder.better.length === 0) return
    const { connection } = this
    if (!connection) return
    this.#probe = new Probe(ladder.better, connection.url, ladder.nextLook(), timing.patience, (rung) => {
      if (rung) ladder.climb(rung)
      if (rung) connection.end(outdone)
      else this.#lookForBetter()
    })
  }
}

/** A transport that finds out first whether the server serves. */
const prepared =
  (http: Http, transport: Transport): Transport =>
  async (wire) => {
    await http.prepare(wire.url, wire.signal)
    await transport(wire)
  }

/** Whether it may be because of the transport that nothing comes; a server that is gone answers no other one. */
const blamesTransport = ({ goesOn }: Connection, { code, status }: ChatRoomError): boolean =>
  !goesOn && (code === 'silent' || (code === 'unexpected_answer' && status < 500))
