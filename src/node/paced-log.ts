import type { Archive } from '../chat/ports.js'
import type { Apply, Log, Opening, Payload } from '../log/log.js'

/** A log that takes entries no faster than an archive can follow: what it has not written yet is held in memory. */
export class PacedLog implements Log {
  constructor(
    private readonly log: Log,
    private readonly archive: Archive,
  ) {}

  get name(): string {
    return this.log.name
  }

  get epoch(): string {
    return this.log.epoch
  }

  get available(): boolean {
    return this.log.available && (this.archive.available || !this.archive.full)
  }

  open(apply: Apply, opening: Opening): Promise<void> {
    return this.log.open(apply, opening)
  }

  append(payload: Payload): Promise<unknown> {
    return this.archive.full ? this.appendLater(payload) : this.log.append(payload)
  }

  release(position: number): void {
    this.log.release(position)
  }

  forget(position: number): void {
    this.log.forget(position)
  }

  close(): Promise<void> {
    return this.log.close()
  }

  private async appendLater(payload: Payload): Promise<unknown> {
    await this.archive.room()
    return this.log.append(payload)
  }
}
