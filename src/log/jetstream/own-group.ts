import { OutcomeUnknown, type Writer } from '../log.js'
import type { Waiting } from '../waiting.js'
import type { SentGroup } from './group-applier.js'

/** A group that this node has sent, or is about to. */
export class OwnGroup implements SentGroup {
  /** Fulfilled when it has come back from the stream, or will be sent no more. */
  readonly came: Promise<void>
  /** Fulfilled when it has been applied, or nobody waits for that. */
  readonly settled: Promise<void>
  isOver = false
  private markCame!: () => void
  private markSettled!: () => void
  private readonly giveUp: NodeJS.Timeout

  /**
   * @param answerWithinMs After how long nobody waits for it any more.
   * @param onLate Told each time that so much has passed.
   */
  constructor(
    readonly id: string,
    readonly writer: Writer,
    readonly drafts: readonly Waiting[],
    answerWithinMs: number,
    onLate: (group: OwnGroup) => void,
  ) {
    this.came = new Promise((resolve) => {
      this.markCame = resolve
    })
    this.settled = new Promise((resolve) => {
      this.markSettled = resolve
    })
    this.giveUp = setInterval(() => {
      this.refuse()
      onLate(this)
    }, answerWithinMs)
  }

  /** It has come back. */
  arrive(): void {
    this.isOver = true
    this.markCame()
  }

  /** It has been applied. */
  settle(): void {
    clearInterval(this.giveUp)
    this.markSettled()
  }

  /** It is sent no more, and nobody is told an outcome. */
  abandon(): void {
    this.refuse()
    this.arrive()
    this.settle()
  }

  private refuse(): void {
    for (const { reject } of this.drafts) reject(new OutcomeUnknown())
  }
}
