import type { LeaseEntry } from './lease-entry.js'

export interface LeaseRivalOptions {
  readonly node: string
  readonly settings: string
  /** A holder that has not renewed for so long has lost it, in ms. */
  readonly termMs: number
  /** Told once when the settings of this node come to be others than those in force. */
  readonly onDiffer: ((inForce: string, own: string) => void) | undefined
}

/** A node whose settings differ takes a lease so much later, in ms: so one whose settings agree takes it first. */
const differingWaitMs = 4000

/** The holder of a lease, as a node sees it that would take it. */
export class LeaseRival {
  private revision = -1
  /** Since when the entry is the same, by the clock of this process. */
  private since = 0
  private differing: string | undefined

  constructor(private readonly options: LeaseRivalOptions) {}

  /** Looks at the entry. @returns whether this node may replace it */
  look(entry: LeaseEntry | undefined): boolean {
    this.compare(entry?.settings)
    // Of this node itself: a write that seemed to have failed has not.
    if (entry?.node === undefined || entry.node === this.options.node) return true
    const now = performance.now()
    if (entry.revision !== this.revision) {
      this.revision = entry.revision
      this.since = now
    }
    const silenceMs = entry.released === true ? 0 : this.options.termMs
    return now >= this.since + silenceMs + (this.differing === undefined ? 0 : differingWaitMs)
  }

  /** The settings of this node are in force. */
  defeat(): void {
    this.differing = undefined
  }

  private compare(inForce: string | undefined): void {
    const { settings: own, onDiffer } = this.options
    const differing = inForce === own ? undefined : inForce
    if (differing !== undefined && differing !== this.differing) onDiffer?.(differing, own)
    this.differing = differing
  }
}
