import { connect } from 'node:net'
import { Link, type Channel } from './link.js'

/** The pause before another try to reach the other side, in ms. */
const retryPauseMs = 50

/** The way to a process that others stand around: when that goes and comes back, so does the link to it. */
export class Uplink {
  private link: Link | undefined
  private readonly takers: [Channel, (bytes: Buffer) => void][] = []
  private readonly onUps: (() => void)[] = []
  private readonly onDowns: (() => void)[] = []
  private retry: NodeJS.Timeout | undefined
  private closed = false

  /** @param path The other side's socket. */
  constructor(private readonly path: string) {}

  get isUp(): boolean {
    return this.link !== undefined
  }

  on(channel: Channel, onMessage: (bytes: Buffer) => void): void {
    this.takers.push([channel, onMessage])
  }

  /** Called whenever it is up; what is sent from within comes before all else. */
  onUp(onUp: () => void): void {
    this.onUps.push(onUp)
  }

  onDown(onDown: () => void): void {
    this.onDowns.push(onDown)
  }

  /** Begins, and goes on until it is closed. To be called once, when all have said what they take. */
  open(): void {
    const socket = connect(this.path)
    socket.once('error', () => {
      socket.destroy()
    })
    socket.once('close', () => {
      const wasUp = this.link !== undefined
      this.link = undefined
      if (wasUp) for (const onDown of this.onDowns) onDown()
      if (!this.closed) this.retry = setTimeout(() => this.open(), retryPauseMs)
    })
    socket.once('connect', () => {
      const link = (this.link = new Link(socket))
      for (const [channel, onMessage] of this.takers) link.on(channel, onMessage)
      for (const onUp of this.onUps) onUp()
    })
  }

  /** What is sent while it is down goes nowhere. */
  send(channel: Channel, ...parts: readonly Uint8Array[]): void {
    this.link?.send(channel, ...parts)
  }

  pause(): void {
    this.link?.pause()
  }

  resume(): void {
    this.link?.resume()
  }

  /** Ends it; to end it twice is harmless. */
  close(): void {
    this.closed = true
    clearTimeout(this.retry)
    this.link?.destroy()
  }
}
