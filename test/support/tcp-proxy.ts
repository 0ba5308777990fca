import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Test } from 'tap'

/** What a connection comes to. */
export interface Fate {
  /** So many bytes go through, in both directions together; all of them unless said otherwise. */
  readonly bytes?: number
  /** And then it is reset, is closed in one direction, or takes nothing any more and says nothing. */
  readonly end?: 'reset' | 'half-close' | 'hang'
  /** How long each piece of data is held back, in ms. */
  readonly delay?: number
}

/** A bad network before a server, on real sockets. */
export class TcpProxy {
  /** What the next connections come to. */
  fate: () => Fate = () => ({})
  readonly #links = new Set<Link>()

  private constructor(
    private readonly server: Server,
    target: URL,
  ) {
    server.on('connection', (near) => {
      const link = new Link(near, connect(Number(target.port), target.hostname), this.fate())
      this.#links.add(link)
      near.on('close', () => this.#links.delete(link))
    })
  }

  /** It closes with the test. */
  static async start(t: Test, target: string): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const proxy = new TcpProxy(server, new URL(target))
    t.teardown(() => {
      server.close()
      proxy.reset()
    })
    return proxy
  }

  /** `http://127.0.0.1:<port>` */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Breaks all connections. */
  reset(): void {
    for (const link of this.#links) link.finish('reset')
  }

  /** Nothing goes through for a while; then all of it does at once. */
  hold(): void {
    for (const link of this.#links) link.pause()
  }

  release(): void {
    for (const link of this.#links) link.resume()
  }

  /** From now on nothing goes through those that there are, and they stay open. */
  hang(): void {
    for (const link of this.#links) link.finish('hang')
  }
}

/** One connection through the proxy. */
class Link {
  #left: number
  #isOver = false

  constructor(
    private readonly near: Socket,
    private readonly far: Socket,
    private readonly fate: Fate,
  ) {
    this.#left = fate.bytes ?? Infinity
    this.#carry(near, far)
    this.#carry(far, near)
  }

  finish(end: NonNullable<Fate['end']>): void {
    this.#isOver = true
    if (end === 'half-close') this.near.end()
    if (end === 'hang') this.pause()
    if (end === 'reset') this.#destroy()
  }

  pause(): void {
    for (const socket of [this.near, this.far]) socket.pause()
  }

  resume(): void {
    for (const socket of [this.near, this.far]) socket.resume()
  }

  #destroy(): void {
    // What is being closed cannot be reset: Node.js would keep it for ever.
    if (this.near.writableEnded) this.near.destroy()
    else this.near.resetAndDestroy()
    this.far.destroy()
  }

  #carry(from: Socket, to: Socket): void {
    from.on('data', (bytes) => this.#pass(bytes, to))
    from.on('end', () => {
      if (!this.#isOver) this.#later(() => to.end())
    })
    from.on('error', () => undefined)
    from.on('close', () => {
      if (!this.#isOver || from === this.near) this.#later(() => to.destroy())
    })
  }

  #pass(bytes: Buffer, to: Socket): void {
    const part = bytes.subarray(0, this.#left)
    this.#left -= part.length
    if (part.length > 0 && !this.#isOver) this.#later(() => to.write(part))
    if (part.length < bytes.length && !this.#isOver) this.#later(() => this.finish(this.fate.end ?? 'reset'))
  }

  /** In order, since all of a connection are as late. */
  #later(act: () => void): void {
    if (this.fate.delay === undefined) act()
    else setTimeout(act, this.fate.delay)
  }
}

/**
 * Connections that break: while they are opened, or in the middle of an event or of an answer. Some carry the longest answer
 * to a long poll, without which that would not get on.
 */
export function fateOf(random: () => number): Fate {
  const longest = [1000, 100_000, 1_000_000][Math.floor(random() * 3)] ?? 0
  const bytes = Math.floor(random() * longest)
  const chance = random()
  const end = chance < 0.03 ? 'hang' : chance < 0.3 ? 'half-close' : 'reset'
  return random() < 0.1 ? { bytes, end, delay: 1 } : { bytes, end }
}
