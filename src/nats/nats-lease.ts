import type { Lease } from '../base/lease.js'
import { isWorthAnotherTry } from './jetstream-errors.js'
import { LeaseBucket, type LeaseBucketOptions } from './lease-entry.js'
import { LeaseRival } from './lease-rival.js'

export interface NatsLeaseOptions extends LeaseBucketOptions {
  /** The name of this node, which no other has, and which it has not had before: a random one. */
  readonly node: string
  /** The settings that must be those of all nodes, as a text. */
  readonly settings: string
  /** Told once when the settings of this node come to be others than those in force. */
  readonly onDiffer?: (inForce: string, own: string) => void
  /** Told when it was taken and what was to be done then failed, and when the servers refuse it. */
  readonly onTrouble?: (error: Error) => void
  /** It is taken from one that has not renewed it for so long, in ms. */
  readonly termMs?: number
}

const usualTermMs = 5000
/** Its holder drops it so long before another one may take it, in ms. */
const marginMs = 1000
const renewEveryMs = 1000
/** How often a node that has not got it looks, in ms. */
const lookEveryMs = 250
/** A node that has failed to do it leaves it to others for so long, in ms. */
const failedWaitMs = 5000

/**
 * A lease that one node has, by an entry at the NATS servers that it replaces again and again. No clock is compared with
 * another: a node takes it when it has seen the same entry for the whole term, and the one that wrote it counts its term
 * from before it wrote it. The entry is replaced only if it is still that one, so one node takes it, and the other knows.
 *
 * What remains: a process that stands still, or is busy, may do something in the moment after, before its timers run;
 * {@link isHeld} asks the clock. That is harmless, since all that a holder does goes through the log, where it is checked at
 * its place. A clock that stands still with its machine, as in a suspended one, counts that time not at all.
 */
export class NatsLease implements Lease {
  private readonly bucket: LeaseBucket
  private readonly rival: LeaseRival
  private readonly termMs: number
  private take: () => Promise<void> = async () => undefined
  private drop: () => void = () => undefined
  /** The revision of the entry of this node; undefined if it has none that counts. */
  private revision: number | undefined
  /** When it is dropped unless it is renewed, by the clock of this process. */
  private heldUntil = 0
  private expiry: NodeJS.Timeout | undefined
  private taking: Promise<void> | undefined
  private notBefore = 0
  private mustRelease = false
  private trouble = ''
  private running: Promise<void> | undefined
  private ended = false
  private wake: () => void = () => undefined

  constructor(private readonly options: NatsLeaseOptions) {
    this.bucket = new LeaseBucket(options)
    const { node, settings, onDiffer, termMs = usualTermMs } = options
    this.termMs = termMs
    this.rival = new LeaseRival({ node, settings, termMs, onDiffer })
  }

  /** Whether this node has it now. */
  get isHeld(): boolean {
    return this.revision !== undefined && !this.ended && performance.now() < this.heldUntil
  }

  /** May be called once. It tries again for ever. */
  async hold(take: () => Promise<void>, drop: () => void): Promise<void> {
    this.take = take
    this.drop = drop
    const first = this.turn()
    this.running = first.then(() => this.run())
    await first
    await this.taking
  }

  /** Drops it and gives it back, so that another one takes it at once. To end it twice is harmless. */
  async end(): Promise<void> {
    if (this.ended) return
    this.ended = true
    if (this.revision !== undefined) this.drop()
    this.wake()
    await this.running
    await this.taking
    await this.release()
  }

  private async run(): Promise<void> {
    while (!this.ended) {
      await this.pause(this.revision === undefined ? lookEveryMs : renewEveryMs)
      if (!this.ended) await this.turn()
    }
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  private async turn(): Promise<void> {
    if (this.mustRelease) await this.release()
    // The timer that says so may be late.
    if (this.revision !== undefined && !this.isHeld) this.lose()
    try {
      if (this.revision === undefined) await this.tryToTake()
      else await this.renew(this.revision)
      this.trouble = ''
    } catch (error) {
      if (!isWorthAnotherTry(error)) this.tell(error as Error)
    }
  }

  private async tryToTake(): Promise<void> {
    const entry = await this.bucket.read()
    const mayTake = this.rival.look(entry)
    if (!mayTake || this.taking || this.ended || performance.now() < this.notBefore) return
    const begin = performance.now()
    const revision = await this.write(entry?.revision ?? 0)
    if (revision === undefined) return
    this.rival.defeat()
    this.keep(revision, begin)
    if (!this.ended) this.taking = this.doTake()
  }

  private async renew(current: number): Promise<void> {
    const begin = performance.now()
    const revision = await this.write(current)
    if (revision !== undefined) {
      if (this.revision !== undefined) this.keep(revision, begin)
      return
    }
    const entry = await this.bucket.read()
    if (this.revision === undefined) return
    // A write that seemed to have failed has not: the next one replaces that.
    if (entry?.node === this.options.node) this.revision = entry.revision
    else this.lose()
  }

  private write(revision: number): Promise<number | undefined> {
    const { node, settings } = this.options
    return this.bucket.write({ node, settings }, revision)
  }

  private keep(revision: number, begin: number): void {
    this.revision = revision
    this.heldUntil = begin + this.termMs - marginMs
    clearTimeout(this.expiry)
    this.expiry = setTimeout(() => this.lose(), this.heldUntil - performance.now())
  }

  private lose(): void {
    if (this.revision === undefined) return
    this.revision = undefined
    clearTimeout(this.expiry)
    this.drop()
  }

  private async doTake(): Promise<void> {
    try {
      await this.take()
    } catch (error) {
      this.notBefore = performance.now() + failedWaitMs
      this.tell(error as Error)
      this.drop()
      // Between two renewals, or it would not be the latest entry that is replaced.
      this.mustRelease = true
      this.wake()
    }
    // What was done after it was lost is undone.
    if (!this.isHeld || this.ended) this.drop()
    this.taking = undefined
  }

  private async release(): Promise<void> {
    const { node, settings } = this.options
    const { revision } = this
    this.mustRelease = false
    this.revision = undefined
    clearTimeout(this.expiry)
    if (revision === undefined) return
    try {
      await this.bucket.write({ node, settings, released: true }, revision)
    } catch {
      // Others find out by themselves.
    }
  }

  /** The same is told once. */
  private tell(error: Error): void {
    if (error.message !== this.trouble) this.options.onTrouble?.(error)
    this.trouble = error.message
  }
}
