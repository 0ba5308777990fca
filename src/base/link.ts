import type { Socket } from 'node:net'

/** Whose a message is: those of a channel come in the order in which they were sent, and so do those of all. */
export type Channel = number

type OnMessage = (bytes: Buffer) => void

/** Before each message: the bytes of the rest, and its channel. */
const head = { length: 4, channel: 1 }
/** A longer message is none of ours, in bytes. */
const mostBytes = 2 ** 28

/** Messages between two processes of one machine, over one socket. */
export class Link {
  private readonly takers = new Map<Channel, OnMessage>()
  private readonly enders: (() => void)[] = []
  private chunks: Buffer[] = []
  private size = 0
  private corked = false
  private ended = false

  constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.take(chunk)
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.ended = true
      for (const onEnd of this.enders) onEnd()
    })
  }

  /** What has been sent and not taken by the other side, in bytes. */
  get queuedBytes(): number {
    return this.socket.writableLength
  }

  on(channel: Channel, onMessage: OnMessage): void {
    this.takers.set(channel, onMessage)
  }

  onEnd(onEnd: () => void): void {
    this.enders.push(onEnd)
  }

  /** What is sent in a turn of the event loop goes out together. What is sent after the end goes nowhere. */
  send(channel: Channel, ...parts: readonly Uint8Array[]): void {
    if (this.ended) return
    if (!this.corked) {
      this.corked = true
      this.socket.cork()
      // Each request that is read has ticks of its own, and a turn has many.
      setImmediate(() => {
        this.corked = false
        this.socket.uncork()
      })
    }
    const start = Buffer.allocUnsafe(head.length + head.channel)
    start.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, head.channel))
    start.writeUInt8(channel, head.length)
    this.socket.write(start)
    for (const part of parts) this.socket.write(part)
  }

  /** Waits until the other side has taken what was sent, or has ended. */
  async drain(): Promise<void> {
    while (!this.ended && this.socket.writableNeedDrain)
      await new Promise<void>((resolve) => {
        this.socket.once('drain', resolve).once('close', resolve)
      })
  }

  /** Takes nothing more for a while. */
  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  /** Ends it at once. */
  destroy(): void {
    this.ended = true
    this.socket.destroy()
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk)
    this.size += chunk.length
    while (this.size >= head.length && !this.socket.destroyed) {
      const length = this.first(head.length).readUInt32BE()
      if (length > mostBytes || length < head.channel) {
        this.destroy()
        return
      }
      if (this.size < head.length + length) return
      const message = this.first(head.length + length)
      this.drop(message.length)
      this.takers.get(message.readUInt8(head.length))?.(message.subarray(head.length + head.channel))
    }
  }

  /** The first bytes of what has come, in one piece. */
  private first(length: number): Buffer {
    const [chunk] = this.chunks
    if (chunk === undefined || chunk.length < length) this.chunks = [Buffer.concat(this.chunks)]
    return (this.chunks[0] as Buffer).subarray(0, length)
  }

  private drop(length: number): void {
    this.chunks[0] = (this.chunks[0] as Buffer).subarray(length)
    this.size -= length
  }
}
