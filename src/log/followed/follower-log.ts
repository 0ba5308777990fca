import { DataError } from '../../base/data-error.js'
import type { Channel } from '../../base/link.js'
import { inTurns } from '../../base/turns.js'
import type { Uplink } from '../../base/uplink.js'
import { CatchUpRounds } from '../catch-up-rounds.js'
import { entryIds } from '../entry-ids.js'
import { decodeGroup } from '../group-bytes.js'
import { LogUnavailable, OutcomeUnknown, type Apply, type Entry, type Log, type Opening, type Payload } from '../log.js'
import { PlacedEntry } from '../placed-entry.js'
import { Own } from './own.js'
import { appendMessage, kinds, message, numberOf, restOf } from './wire.js'

export interface FollowerLogOptions {
  /** What people know the log by. */
  readonly name: string
  /** Of the link to the owner. */
  readonly channel: Channel
  /** After how long nobody waits for the owner any more, in ms. */
  readonly answerWithinMs?: number
  /** Told when nothing can be written, and when it can again. */
  readonly onAvailable?: (available: boolean, error?: Error) => void
  /** Told when it cannot go on from where it is: who follows must begin anew. */
  readonly onLost?: (error: Error) => void
}

/** A little more than the owner waits for its disk. */
const answeredWithinMs = 16_000
/** How long it takes at most to come to where the owner is, in ms. */
const catchUpMs = 2000
/** What has come and has not been applied may have so many messages; then no more are taken. */
const mostIncoming = 16
/** Entries that wait for the owner at most. */
const mostWaiting = 50_000

/** The log of another process, which owns it: entries come from there, and what is appended goes there. */
export class FollowerLog implements Log {
  readonly name: string
  readonly isShared = true
  epoch = ''
  available = false
  private readonly nextId = entryIds()
  private readonly own: Own
  private position = 0
  private newest = 0
  /** Whether all that was there has been applied. */
  private isLive = false
  private ownerIsAvailable = false
  private draining = false
  /** Groups, and the word that what follows them is new. */
  private incoming: Buffer[] = []
  private applying: Promise<void> | undefined
  private opened: { readonly apply: Apply; readonly pause: Opening['pause'] } | undefined
  private onWelcome: () => void = () => undefined
  private readonly welcomed = new Promise<void>((resolve) => (this.onWelcome = resolve))
  private onLive: () => void = () => undefined
  private onNewest: (position: number) => void = () => undefined
  private readonly rounds = new CatchUpRounds({
    askEnd: () => this.askNewest(),
    applied: () => this.position,
    longestMs: catchUpMs,
  })
  private onFailed: (error: Error) => void = () => undefined

  constructor(
    private readonly uplink: Uplink,
    private readonly options: FollowerLogOptions,
  ) {
    this.name = options.name
    this.own = new Own(options.answerWithinMs ?? answeredWithinMs)
    uplink.on(options.channel, (bytes) => this.take(bytes))
    uplink.onDown(() => this.goDown())
  }

  /** Waits until the owner has said which log it is. */
  async welcome(): Promise<void> {
    await this.welcomed
  }

  get behind(): number {
    return Math.max(0, this.newest - this.position)
  }

  async open(apply: Apply, { after, pause }: Opening): Promise<void> {
    await this.welcomed
    this.position = after?.position ?? 0
    this.opened = { apply, pause }
    const live = new Promise<void>((resolve) => (this.onLive = resolve))
    this.follow()
    // What cannot be applied ends it.
    await Promise.race([live, new Promise<never>((_resolve, reject) => (this.onFailed = reject))])
  }

  append(payload: Payload): Promise<unknown> {
    if (!this.available || this.own.size >= mostWaiting) return Promise.reject(new LogUnavailable())
    const id = this.nextId()
    this.send(appendMessage(id), payload.bytes)
    return this.own.add(id, payload)
  }

  async catchUp(): Promise<void> {
    if (this.isLive && !this.draining) await this.rounds.join()
  }

  release(): void {
    // The owner knows what is needed.
  }

  forget(): void {
    // And what is not to be kept.
  }

  async drain(): Promise<void> {
    this.draining = true
    this.available = false
    await this.own.answered()
  }

  async close(): Promise<void> {
    await this.drain()
    this.opened = undefined
    this.uplink.close()
    this.own.end()
    await this.applying
  }

  private askNewest(): Promise<number> {
    this.send(message(kinds.ask))
    return new Promise((resolve) => (this.onNewest = resolve))
  }

  private take(bytes: Buffer): void {
    switch (bytes[0]) {
      case kinds.welcome:
        this.meet(numberOf(bytes), numberOf(bytes, 1) === 1, restOf(bytes, 2).toString())
        return
      case kinds.group:
        this.newest = numberOf(bytes)
        this.queue(bytes)
        return
      case kinds.live:
        this.newest = numberOf(bytes)
        if (this.newest < this.position) this.lose(this.lostEnd())
        else this.queue(bytes)
        return
      case kinds.settled:
        this.own.settle(numberOf(bytes))
        return
      case kinds.refused:
        this.own.refuse(
          restOf(bytes, 1).toString(),
          numberOf(bytes) === 1 ? new OutcomeUnknown() : new LogUnavailable(),
        )
        return
      case kinds.gone:
        this.lose(new DataError(`${this.name} has no more what comes after entry ${this.position}.`))
        return
      case kinds.available:
        this.ownerIsAvailable = numberOf(bytes) === 1
        this.look()
        return
      case kinds.newest:
        this.onNewest(numberOf(bytes))
    }
  }

  private meet(newest: number, isAvailable: boolean, epoch: string): void {
    if (this.epoch !== '' && this.epoch !== epoch) {
      this.lose(new DataError(`${this.name} is another one now.`))
      return
    }
    this.epoch = epoch
    this.newest = newest
    this.ownerIsAvailable = isAvailable
    this.onWelcome()
    if (this.opened) this.follow()
  }

  private follow(): void {
    this.send(message(kinds.follow, this.position))
  }

  private goDown(): void {
    this.isLive = false
    // What is on disk there comes again.
    this.incoming = []
    this.own.settleApplied()
    this.look(new Error('the process that owns the log is not there'))
  }

  private queue(bytes: Buffer): void {
    this.incoming.push(bytes)
    if (this.incoming.length === mostIncoming) this.uplink.pause()
    this.applying ??= this.applyAll()
  }

  private async applyAll(): Promise<void> {
    try {
      // So that it is known to be under way before it ends.
      await Promise.resolve()
      for (;;) {
        const bytes = this.incoming.shift()
        if (!bytes || !this.opened) break
        if (bytes[0] === kinds.live) this.goLive()
        else await this.applyGroup(bytes, this.opened)
        if (this.incoming.length === 0) this.uplink.resume()
      }
      this.applying = undefined
    } catch (error) {
      // The state may be half of what it should be: nobody may go on with it.
      this.opened = undefined
      this.available = false
      this.own.end()
      this.onFailed(error as Error)
      throw error
    }
  }

  private async applyGroup(bytes: Buffer, { apply, pause }: NonNullable<FollowerLog['opened']>): Promise<void> {
    await inTurns(decodeGroup(numberOf(bytes, 1), restOf(bytes, 2)), (entry) => {
      if (entry.position > this.position) this.applyEntry(entry, apply)
    })
    this.send(message(kinds.applied, this.position))
    this.rounds.look()
    await pause?.(this.position, Math.max(this.position, this.newest))
  }

  private applyEntry({ position, at, id, writer, payload }: Entry, apply: Apply): void {
    if (position !== this.position + 1)
      throw new DataError(`${this.name} has given entry ${position} after entry ${this.position}.`)
    const said = apply(new PlacedEntry(position, at, id, writer, this.own.payloadOf(id) ?? payload))
    this.position = position
    this.own.apply(id, position, said)
  }

  /** All that the owner had has been applied: what is not among it, it does not have. */
  private goLive(): void {
    for (const [id, payload] of this.own.pending()) this.send(appendMessage(id), payload.bytes)
    this.isLive = true
    this.look()
    this.onLive()
  }

  private look(error?: Error): void {
    const available = this.isLive && this.ownerIsAvailable && !this.draining
    if (available === this.available) return
    this.available = available
    if (!this.draining) this.options.onAvailable?.(available, error)
  }

  private lose(error: Error): void {
    this.uplink.close()
    this.goDown()
    this.onFailed(error)
    this.options.onLost?.(error)
  }

  private lostEnd(): DataError {
    return new DataError(
      `${this.name} ends at entry ${this.newest}, but the archive has entries up to ${this.position}: the log has lost its end.`,
    )
  }

  private send(...parts: readonly Uint8Array[]): void {
    this.uplink.send(this.options.channel, ...parts)
  }
}
