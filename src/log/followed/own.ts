import { OutcomeUnknown, type Payload } from '../log.js'

/** What has been appended here, and not been answered. */
interface Asked {
  readonly payload: Payload
  readonly since: number
  readonly resolve: (said: unknown) => void
  readonly reject: (error: Error) => void
  /** Where it is, and what it has come to, once it has been applied here. */
  applied: { readonly position: number; readonly said: unknown } | undefined
}

/** What a follower has appended: each is answered when it has been applied here, and where others wait for it. */
export class Own {
  /** By id, in order. */
  private readonly asked = new Map<string, Asked>()
  /** Up to which position all others have applied all. */
  private settledTo = 0
  private onEmpty: (() => void)[] = []
  private timer: NodeJS.Timeout | undefined

  /** @param answerWithinMs After how long nobody waits any more. */
  constructor(private readonly answerWithinMs: number) {}

  get size(): number {
    return this.asked.size
  }

  add(id: string, payload: Payload): Promise<unknown> {
    this.timer ??= setTimeout(() => this.giveUp(), this.answerWithinMs)
    return new Promise((resolve, reject) => {
      this.asked.set(id, { payload, since: performance.now(), resolve, reject, applied: undefined })
    })
  }

  payloadOf(id: string): Payload | undefined {
    return this.asked.get(id)?.payload
  }

  /** Those that have not been applied, in order. */
  *pending(): Generator<readonly [id: string, payload: Payload]> {
    for (const [id, { applied, payload }] of this.asked) if (!applied) yield [id, payload]
  }

  /** Notes what one has come to; others' are passed over. */
  apply(id: string, position: number, said: unknown): void {
    const asked = this.asked.get(id)
    if (!asked) return
    asked.applied = { position, said }
    if (position <= this.settledTo) this.resolve(id, asked, said)
  }

  /** Answers what comes up to a position. */
  settle(position: number): void {
    this.settledTo = position
    for (const [id, asked] of this.asked) {
      const { applied } = asked
      if (!applied || applied.position > position) break
      this.resolve(id, asked, applied.said)
    }
  }

  /** The others cannot be asked now, and are not waited for. */
  settleApplied(): void {
    for (const [id, asked] of this.asked) if (asked.applied) this.resolve(id, asked, asked.applied.said)
  }

  refuse(id: string, error: Error): void {
    const asked = this.asked.get(id)
    // What has come is not refused, whatever was said before.
    if (!asked || asked.applied) return
    asked.reject(error)
    this.remove(id)
  }

  /** Tells all that nobody knows what becomes of them. */
  end(): void {
    clearTimeout(this.timer)
    for (const [id] of this.asked) this.refuse(id, new OutcomeUnknown())
    this.settleApplied()
  }

  /** Waits until all have been answered. */
  async answered(): Promise<void> {
    if (this.asked.size > 0) await new Promise<void>((resolve) => this.onEmpty.push(resolve))
  }

  private resolve(id: string, asked: Asked, said: unknown): void {
    asked.resolve(said)
    this.remove(id)
  }

  private remove(id: string): void {
    this.asked.delete(id)
    if (this.asked.size === 0) for (const resolve of this.onEmpty.splice(0)) resolve()
  }

  private giveUp(): void {
    this.timer = undefined
    const overdue = performance.now() - this.answerWithinMs
    for (const [id, asked] of this.asked) {
      if (asked.since > overdue) {
        this.timer = setTimeout(() => this.giveUp(), asked.since - overdue)
        return
      }
      if (asked.applied) this.resolve(id, asked, asked.applied.said)
      else this.refuse(id, new OutcomeUnknown())
    }
  }
}
