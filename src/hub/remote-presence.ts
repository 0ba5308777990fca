import type { Peers } from '../base/peers.js'
import type { Deadlines } from './deadlines.js'

/** What nodes tell each other: numbers of users who are connected there now, and of those who are not any more. */
interface Told {
  readonly connected: readonly number[]
  readonly disconnected: readonly number[]
  /** Whether it is all that there is. */
  readonly all: boolean
}

interface Options {
  /** The numbers of the users who are connected here. */
  readonly here: () => readonly number[]
  /** Told before somebody comes or goes elsewhere. */
  readonly onChange: (user: number) => void
}

/** What changes within this time is told to the other nodes together, in ms. */
const gatherMs = 50

/** Who is connected at other nodes. A node tells what changes, and one that has come is told all; what it told goes with it. */
export class RemotePresence {
  /** By the number of the user, the nodes where it is connected. */
  private readonly nodes = new Map<number, Set<string>>()
  private changes = new Map<number, boolean>()
  /** Of nodes that have gone, what forgets what they told. */
  private readonly going = new Map<string, () => void>()

  /** @param graceMs Whoever comes back within this time, here or there, has not been away. */
  constructor(
    private readonly peers: Peers,
    private readonly deadlines: Deadlines,
    graceMs: number,
    private readonly options: Options,
  ) {
    peers.on('presence', (body, peer) => this.take(body as Told, peer))
    peers.onCome((peer) => {
      this.going.get(peer)?.()
      this.going.delete(peer)
      this.changes.clear()
      this.peers.tell('presence', { connected: options.here(), disconnected: [], all: true } satisfies Told)
    })
    peers.onGone((peer) => {
      this.going.set(
        peer,
        deadlines.add(graceMs, () => {
          this.going.delete(peer)
          for (const user of Array.from(this.nodes.keys())) this.set(user, peer, false)
        }),
      )
    })
  }

  has(user: number): boolean {
    return this.nodes.has(user)
  }

  /** Tells the others that a user has come or gone here. */
  tell(user: number, isConnected: boolean): void {
    if (!this.peers.areThere) return
    if (this.changes.size === 0) this.deadlines.add(gatherMs, () => this.tellChanges())
    this.changes.set(user, isConnected)
  }

  /** The user is no more. */
  forget(user: number): void {
    this.nodes.delete(user)
  }

  private tellChanges(): void {
    const [connected, disconnected]: [number[], number[]] = [[], []]
    for (const [user, isConnected] of this.changes) (isConnected ? connected : disconnected).push(user)
    this.changes = new Map()
    if (connected.length + disconnected.length > 0)
      this.peers.tell('presence', { connected, disconnected, all: false } satisfies Told)
  }

  private take({ connected, disconnected, all }: Told, peer: string): void {
    const there = new Set(connected)
    if (all) for (const user of Array.from(this.nodes.keys())) if (!there.has(user)) this.set(user, peer, false)
    for (const user of connected) this.set(user, peer, true)
    for (const user of disconnected) this.set(user, peer, false)
  }

  private set(user: number, peer: string, isConnected: boolean): void {
    const nodes = this.nodes.get(user)
    if ((nodes?.has(peer) ?? false) === isConnected) return
    this.options.onChange(user)
    if (isConnected) {
      if (nodes) nodes.add(peer)
      else this.nodes.set(user, new Set([peer]))
    } else if (nodes?.delete(peer) && nodes.size === 0) this.nodes.delete(user)
  }
}
