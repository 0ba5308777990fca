import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Command, CommandOf } from '../../schemas/commands.js'
import type { Outcomes } from '../chat/apply/outcomes.js'
import { ChatError } from '../chat/chat-error.js'
import type { Apply, Log } from './log.js'
import { settle, type Waiting } from './waiting.js'

/**
 * A log that keeps nothing. It, too, commits in groups: to apply and answer together what has been asked in a turn takes a
 * server half the time that it takes one by one.
 */
export class MemoryLog implements Log {
  readonly epoch = randomUUID()
  private position = 0
  private apply: Apply | undefined
  private waiting: Waiting[] = []
  private committing: Promise<void> | undefined
  private closing = false

  /** @param now Gives the time, in ms since the epoch. */
  constructor(private readonly now: () => number = Date.now) {}

  get available(): boolean {
    return this.apply !== undefined && !this.closing
  }

  async open(apply: Apply): Promise<void> {
    this.apply = apply
  }

  append<T extends Command['type']>(command: CommandOf<T>): Promise<Outcomes[T]> {
    const { apply } = this
    if (!apply || this.closing) return Promise.reject(new ChatError('log_unavailable'))
    const at = this.now()
    return new Promise((resolve, reject) => {
      this.waiting.push({ at, command, resolve: resolve as (outcome: unknown) => void, reject })
      this.committing ??= setImmediate().then(() => this.commit(apply))
    })
  }

  release(): void {
    // There is nothing to drop.
  }

  async close(): Promise<void> {
    this.closing = true
    await this.committing
  }

  private async commit(apply: Apply): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0)
      const first = this.position + 1
      this.position += group.length
      await settle(group, first, apply)
    }
    this.committing = undefined
  }
}
