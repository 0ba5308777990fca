import type { Command, CommandOf } from '../../schemas/commands.js'
import type { Outcomes } from '../chat/apply/outcomes.js'
import type { Apply, Log, Replay } from '../log/log.js'
import type { Archive } from './archive.js'

/** A log that takes commands no faster than an archive can follow: what it has not written yet is held in memory. */
export class PacedLog implements Log {
  constructor(
    private readonly log: Log,
    private readonly archive: Archive,
  ) {}

  get epoch(): string {
    return this.log.epoch
  }

  get available(): boolean {
    return this.log.available && (this.archive.available || !this.archive.full)
  }

  open(apply: Apply, replay?: Replay): Promise<void> {
    return this.log.open(apply, replay)
  }

  append<T extends Command['type']>(command: CommandOf<T>): Promise<Outcomes[T]> {
    return this.archive.full ? this.appendLater(command) : this.log.append(command)
  }

  release(position: number): void {
    this.log.release(position)
  }

  close(): Promise<void> {
    return this.log.close()
  }

  private async appendLater<T extends Command['type']>(command: CommandOf<T>): Promise<Outcomes[T]> {
    await this.archive.room()
    return this.log.append(command)
  }
}
