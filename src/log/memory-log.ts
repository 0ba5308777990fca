import type { Command, CommandOf } from '../../schemas/commands.js'
import type { Outcomes } from '../chat/apply/outcomes.js'
import { ChatError } from '../chat/chat-error.js'
import type { Apply, Log } from './log.js'

/** A log that keeps nothing: a command is committed the moment that it is appended. */
export class MemoryLog implements Log {
  private position = 0
  private apply: Apply | undefined

  /** @param now Gives the time, in ms since the epoch. */
  constructor(private readonly now: () => number = Date.now) {}

  get available(): boolean {
    return this.apply !== undefined
  }

  async open(apply: Apply): Promise<void> {
    this.apply = apply
  }

  async append<T extends Command['type']>(command: CommandOf<T>): Promise<Outcomes[T]> {
    if (!this.apply) throw new ChatError('log_unavailable')
    return this.apply({ position: ++this.position, at: this.now(), command }) as Outcomes[T]
  }

  release(): void {
    // There is nothing to drop.
  }

  async close(): Promise<void> {
    this.apply = undefined
  }
}
