import type { Entry, Payload, Writer } from './log.js'

/** An entry of an engine that finds what comes after it by its position. A copy by `...` is without the cursor. */
export class PlacedEntry implements Entry {
  constructor(
    readonly position: number,
    readonly at: number,
    readonly id: string,
    readonly writer: Writer,
    readonly payload: Payload,
  ) {}

  get cursor(): string {
    return String(this.position)
  }
}
