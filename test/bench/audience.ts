import type { Dialect } from './dialects.js'
import { Listener, type Heard } from './listener.js'
import { openAll } from './load.js'
import type { Scope } from './scope.js'
import type { Server } from './servers.js'

/** How many of an audience speak. */
const speakers = 4

export interface Gathering {
  /** Each has its share of them. */
  readonly servers: readonly [Server, ...Server[]]
  readonly usernames: readonly string[]
  readonly speaking: Dialect
  /** For those who do not speak; the same if it is left out. */
  readonly listening?: Dialect | undefined
  /** The frame that sends a message to all of them. */
  readonly frame: Buffer
}

/** Those who are in a room and hear every message to it, some of whom speak. */
export class Audience {
  /** Messages so far. */
  sent = 0

  private constructor(
    readonly servers: readonly [Server, ...Server[]],
    private readonly frame: Buffer,
    private readonly listeners: readonly Listener[],
  ) {}

  static async gather(scope: Scope, { servers, usernames, frame, ...dialects }: Gathering): Promise<Audience> {
    const { speaking, listening = speaking } = dialects
    const listeners = await openAll(scope, usernames.length, (index) =>
      Listener.open((servers[index % servers.length] ?? servers[0]).port, {
        dialect: index < speakers ? speaking : listening,
        username: usernames[index] ?? '',
      }),
    )
    return new Audience(servers, frame, listeners)
  }

  /** The first. */
  get server(): Server {
    return this.servers[0]
  }

  get pids(): number[] {
    return this.servers.map(({ pid }) => pid)
  }

  get size(): number {
    return this.listeners.length
  }

  /** From now on. */
  hear(heard: Heard, failed: (error: Error) => void): void {
    for (const listener of this.listeners) {
      listener.heard = heard
      listener.watch(failed)
    }
  }

  /** Sends so many messages at once, by turns of the speakers. */
  send(count: number): void {
    for (let speaker = 0; speaker < speakers; speaker++) {
      const share = Math.floor((count + speaker) / speakers)
      if (share > 0)
        this.listeners[(this.sent + speaker) % speakers]?.send(Buffer.concat(Array(share).fill(this.frame)))
    }
    this.sent += count
  }

  get hasHeardAll(): boolean {
    return this.listeners.every(({ messages }) => messages === this.sent)
  }

  /** @throws if somebody has not heard every message once */
  check(): void {
    const wrong = this.listeners.filter(({ messages }) => messages !== this.sent)
    if (wrong.length > 0)
      throw new Error(`${wrong.length} of ${this.size} have not heard each of ${this.sent} messages once`)
  }
}
