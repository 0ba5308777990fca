import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CommandPayload } from '../../src/chat/command-log.js'
import { LogUnavailable, type Payload } from '../../src/log/log.js'
import { MemoryLog } from '../../src/log/memory-log.js'

/** A log that cannot write some of what it is given to write, as one on a disk that is nearly full. */
class FalteringLog extends MemoryLog {
  /** @param fails Whether a message cannot be written now. */
  constructor(private readonly fails: (text: string) => boolean) {
    super()
  }

  override async append(payload: Payload): Promise<unknown> {
    const { command } = payload as CommandPayload
    if (command.type !== 'send' || !this.fails(command.text)) return super.append(payload)
    await nextTurn()
    throw new LogUnavailable()
  }
}

/** A chat's storage with such a log. */
export const faltering = (fails: (text: string) => boolean) => ({
  log: new FalteringLog(fails),
  release: () => undefined,
})
