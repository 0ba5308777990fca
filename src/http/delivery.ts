import { fstatSync } from 'node:fs'
import type { Socket } from 'node:net'

/** Bytes that one connection may be given before its peer has acknowledged those before. */
const mostUnderWay = 2 ** 20

/** An address, with all of its connections. */
export interface Peer {
  readonly deliveries: Set<Delivery>
  /** Bytes that are under way, to it and from it. */
  underWay: number
}

/**
 * What is under way on one connection: what it has been given, of which the peer has not acknowledged all, wherever that
 * waits; and of a request the part that has come.
 */
export class Delivery {
  private given = 0
  private acknowledged = 0
  private received = 0
  private inode: number | undefined

  constructor(
    readonly socket: Socket,
    readonly peer: Peer,
  ) {
    peer.deliveries.add(this)
  }

  get underWay(): number {
    return this.given - this.acknowledged + this.received
  }

  /** Whether it is to be given no more. */
  get isFull(): boolean {
    return this.given - this.acknowledged > mostUnderWay
  }

  /** Whether it may be full soon: time to ask how much of it is acknowledged. */
  get isInDoubt(): boolean {
    return this.given - this.acknowledged > mostUnderWay / 2
  }

  /** Counts what it has been given. */
  count(): void {
    const { bytesWritten } = this.socket
    this.peer.underWay += bytesWritten - this.given
    this.given = bytesWritten
  }

  /** Counts what has come of a request; less than nothing, when that is over. */
  receive(bytes: number): void {
    this.received += bytes
    this.peer.underWay += bytes
  }

  /** What the kernel has been given of it so far. */
  get handedOver(): number {
    return this.socket.bytesWritten - this.socket.writableLength
  }

  /** The number of the socket, by which the kernel lists it; undefined where there is none. */
  get socketNumber(): number | undefined {
    const { _handle: handle } = this.socket as { _handle?: { readonly fd?: number } }
    if (this.inode === undefined && handle?.fd !== undefined && handle.fd >= 0) this.inode = fstatSync(handle.fd).ino
    return this.inode
  }

  /**
   * @param handedOver What had been handed over before the kernel was asked.
   * @param kept What it kept then.
   */
  acknowledge(handedOver: number, kept: number): void {
    const acknowledged = Math.max(this.acknowledged, handedOver - kept)
    this.peer.underWay -= acknowledged - this.acknowledged
    this.acknowledged = acknowledged
  }

  end(): void {
    this.peer.underWay -= this.underWay
    this.peer.deliveries.delete(this)
  }
}
