import type { CloseReason } from '../../schemas/close-codes.js'
import { ChatError } from '../chat/chat-error.js'
import type { User } from '../chat/tables/users.js'
import type { Deliveries } from '../http/deliveries.js'
import { each, inTurns } from '../base/turns.js'
import type { Beginning, Caller, Sink, Subscription } from '../chat/ports.js'

/** A live connection, to those who look after all of them. */
export interface Connection {
  readonly caller: Caller & { readonly address: string }
  /** Shows the peer that it is connected, and closes if it shows nothing for two beats where it should. */
  beat(): void
  close(reason: CloseReason): void
}

/** What a connection needs of the app. */
export interface Host {
  readonly deliveries: Deliveries
  /** How long a stream lasts at most, in ms. */
  readonly streamAgeMs: number
  listen(caller: Caller, beginning: Beginning, sink: Sink): Subscription
  /** The time, as events say it. */
  now(): string
  /** Told when a connection has ended. */
  end(connection: Connection): void
}

export interface ConnectionLimits {
  /** Connections of one address, and of one user. */
  readonly perAddress: number
  readonly perUser: number
}

/** The heartbeats of all connections are spread over so many parts of the time between two. */
const parts = 20

/** The live connections of this process: how many of whom, and their heartbeats. */
export class Connections {
  private readonly addresses = new Map<string, number>()
  private readonly users = new Map<User, number>()
  private readonly beats = Array.from({ length: parts }, () => new Set<Connection>())
  private readonly timer: NodeJS.Timeout
  private turn = 0
  private next = 0
  private isClosed = false

  /**
   * @param heartbeat The time between two, in ms.
   * @param onBeat Told at each of a connection, which is there still.
   */
  constructor(
    private readonly limits: ConnectionLimits,
    heartbeat: number,
    private readonly onBeat: (connection: Connection) => void,
  ) {
    this.timer = setInterval(() => this.beat(), heartbeat / parts)
    this.timer.unref()
  }

  /** @throws {ChatError} too_many_connections, shutting_down */
  check(address: string, user?: User): void {
    if (this.isClosed) throw new ChatError('shutting_down')
    if ((this.addresses.get(address) ?? 0) >= this.limits.perAddress)
      throw new ChatError(
        'too_many_connections',
        `This address has ${this.limits.perAddress} live connections already.`,
      )
    if (user && (this.users.get(user) ?? 0) >= this.limits.perUser)
      throw new ChatError('too_many_connections', `${user.name} has ${this.limits.perUser} live connections already.`)
  }

  /**
   * Counts something that waits, and is no connection that lives.
   * @param user Whose it is, if that can be known yet.
   * @returns what ends that
   */
  hold(address: string, user?: User): () => void {
    this.check(address, user)
    this.count(address, user, 1)
    return () => this.count(address, user, -1)
  }

  add(connection: Connection): void {
    this.count(connection.caller.address, connection.caller.user, 1)
    this.next = (this.next + 1) % parts
    this.beats[this.next]?.add(connection)
  }

  /** Forgets one; to forget it twice is harmless. */
  remove(connection: Connection): void {
    if (!this.beats.some((some) => some.delete(connection))) return
    this.count(connection.caller.address, connection.caller.user, -1)
  }

  /** Tells all to come back, some in a turn, and lets nobody in. */
  close(): void {
    this.isClosed = true
    clearInterval(this.timer)
    void inTurns(each(this.beats), (connection) => connection.close('going_down'))
  }

  private count(address: string, user: User | undefined, by: number): void {
    count(this.addresses, address, by)
    if (user) count(this.users, user, by)
  }

  private beat(): void {
    this.turn = (this.turn + 1) % parts
    void inTurns(this.beats[this.turn] ?? [], (connection) => {
      this.onBeat(connection)
      connection.beat()
    })
  }
}

function count<K>(counts: Map<K, number>, key: K, by: number): void {
  const now = (counts.get(key) ?? 0) + by
  if (now > 0) counts.set(key, now)
  else counts.delete(key)
}
