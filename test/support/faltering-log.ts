import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Command, CommandOf } from '../../schemas/commands.js'
import { ChatError } from '../../src/chat/chat-error.js'
import type { Outcomes } from '../../src/chat/apply/outcomes.js'
import { MemoryLog } from '../../src/log/memory-log.js'

/** A log that cannot write some of what it is given to write, as one on a disk that is nearly full. */
export class FalteringLog extends MemoryLog {
  /** @param fails Whether a message cannot be written now. */
  constructor(private readonly fails: (text: string) => boolean) {
    super()
  }

  override async append<T extends Command['type']>(command: CommandOf<T>): Promise<Outcomes[T]> {
    const given: Command = command
    if (given.type !== 'send' || !this.fails(given.text)) return super.append(command)
    await nextTurn()
    throw new ChatError('log_unavailable')
  }
}

/** A chat's storage with such a log. */
export const faltering = (fails: (text: string) => boolean) => ({
  log: new FalteringLog(fails),
  release: () => undefined,
})
