import type { Socket } from 'node:net'
import { breakOff } from './closing.js'
import { Delivery, type Peer } from './delivery.js'
import { readSendQueues } from './send-queues.js'

export interface DeliveryLimits {
  /** Connections of one address. */
  readonly connections: number
  /** Bytes under way of all connections of one address. */
  readonly bytes: number
}

interface Waiting {
  readonly delivery: Delivery
  readonly onRoom: () => void
}

/** The time between two counts of all connections, in ms. */
const countPauseMs = 1000
/** The kernel is asked after a pause of at least so many ms, and of so many times what it took to ask. */
const [leastPauseMs, pauseFactor] = [20, 50]

/**
 * What is under way on all connections. A socket takes megabytes for a peer that does not read; Node does not say how much
 * of that waits in the kernel, so that is asked for where there may be much. Where the kernel does not say, what it has been
 * given counts as acknowledged.
 */
export class Deliveries {
  private readonly peers = new Map<unknown, Peer>()
  private readonly bySocket = new WeakMap<Socket, Delivery>()
  private waiting: Waiting[] = []
  private isLooking = false
  private nextLook: NodeJS.Timeout | undefined
  private readonly timer: NodeJS.Timeout

  constructor(private readonly limits: DeliveryLimits) {
    this.timer = setInterval(() => this.countAll(), countPauseMs).unref()
  }

  /** Undefined for one that is no connection: that of an injected request. */
  of(socket: Socket): Delivery | undefined {
    return this.bySocket.get(socket)
  }

  /** Takes in a connection of an address. @returns whether that may have one more */
  add(socket: Socket, address: unknown): boolean {
    let peer = this.peers.get(address)
    if (!peer) this.peers.set(address, (peer = { deliveries: new Set(), underWay: 0 }))
    const { deliveries } = peer
    const delivery = new Delivery(socket, peer)
    this.bySocket.set(socket, delivery)
    socket.once('close', () => {
      delivery.end()
      if (deliveries.size === 0) this.peers.delete(address)
    })
    return deliveries.size <= this.limits.connections
  }

  /** Counts what a connection has been given. @returns whether it may be given more */
  hasRoom(delivery: Delivery): boolean {
    delivery.count()
    if (delivery.isInDoubt || delivery.peer.underWay > this.limits.bytes) this.look()
    return !delivery.isFull
  }

  /** Calls back once when a connection that is full has room, unless it ends before. */
  whenRoom(delivery: Delivery, onRoom: () => void): void {
    this.waiting.push({ delivery, onRoom })
    this.look()
  }

  close(): void {
    clearInterval(this.timer)
    clearTimeout(this.nextLook)
    this.isLooking = true
  }

  private countAll(): void {
    for (const { deliveries } of this.peers.values()) for (const delivery of deliveries) this.hasRoom(delivery)
  }

  /** Asks how much is acknowledged, and does what follows from it; not more often than is reasonable. */
  private look(): void {
    if (this.isLooking) return
    this.isLooking = true
    void this.act()
  }

  private async act(): Promise<void> {
    const start = performance.now()
    await this.askKernel()
    this.relieve()
    this.wake()
    const pause = Math.max(leastPauseMs, (performance.now() - start) * pauseFactor)
    this.nextLook = setTimeout(() => {
      this.isLooking = false
      if (this.waiting.length > 0) this.look()
    }, pause).unref()
  }

  private async askKernel(): Promise<void> {
    const asked = this.underWay().map((delivery) => ({ delivery, handedOver: delivery.handedOver }))
    const queues = await readSendQueues().catch(() => undefined)
    for (const { delivery, handedOver } of asked)
      delivery.acknowledge(handedOver, queues?.get(delivery.socketNumber ?? 0) ?? 0)
  }

  private underWay(): Delivery[] {
    return Array.from(this.peers.values()).flatMap(({ deliveries }) =>
      Array.from(deliveries).filter((delivery) => delivery.underWay > 0),
    )
  }

  /** Breaks off those of an address on which most is under way, until it is little enough. */
  private relieve(): void {
    for (const peer of this.peers.values()) {
      if (peer.underWay <= this.limits.bytes) continue
      let excess = peer.underWay - this.limits.bytes
      for (const delivery of Array.from(peer.deliveries).sort((one, other) => other.underWay - one.underWay)) {
        if (excess <= 0) break
        excess -= delivery.underWay
        breakOff(delivery.socket)
      }
    }
  }

  private wake(): void {
    const those = this.waiting
    this.waiting = []
    for (const one of those) {
      if (one.delivery.socket.destroyed) continue
      if (one.delivery.isFull) this.waiting.push(one)
      else one.onRoom()
    }
  }
}
