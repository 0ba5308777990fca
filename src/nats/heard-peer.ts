import { PartJoiner, type PartHead } from './message-parts.js'

/** Another node, as far as it was heard. */
export class HeardPeer {
  /** In which of its eras something that it told was missed, and must be told again; undefined if nothing was. */
  missed: number | undefined
  heardAt = performance.now()
  private readonly joiner = new PartJoiner()
  private last: number | undefined

  /** @param wasLost Whether it was there before, and may not know that this node has forgotten what it told. */
  constructor(private readonly wasLost: boolean) {}

  /** Takes a part; gives the message if it is whole. */
  hear(head: PartHead, bytes: Uint8Array): Uint8Array | undefined {
    this.heardAt = performance.now()
    return this.joiner.join(head, bytes)
  }

  /** Takes the number and the era of a whole message. One that skips a number tells that those before it were lost. */
  count(message: number, era: number): void {
    if (this.missed !== undefined && era > this.missed) this.missed = undefined
    const isGap = this.last === undefined ? this.wasLost : message !== this.last + 1
    if (isGap) this.missed = era
    this.last = message
  }
}
