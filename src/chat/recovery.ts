import type { EventWindow } from '../hub/event-window.js'
import type { CommandLog } from './command-log.js'
import { DataError } from '../storage/data-error.js'
import type { ChatOptions } from './chat-service.js'
import type { ChatState } from './chat-state.js'

/** Brings the state, and what is kept for those who come back, to where the log ends. */
export async function recover(
  state: ChatState,
  log: CommandLog,
  window: EventWindow,
  { storage: { archive }, onProgress }: Pick<ChatOptions, 'storage' | 'onProgress'>,
): Promise<void> {
  if (archive) {
    await archive.restore(state)
    const { events, after } = await archive.recent()
    window.restore(events, after)
  }
  log.release(state.position)
  const pause = async (position: number, newest: number): Promise<void> => {
    onProgress?.(position, newest)
    await archive?.room().catch(cannotFollow)
  }
  await log.open((entry) => state.apply(entry), { after: { position: state.position }, pause })
}

function cannotFollow(): never {
  throw new DataError(
    'The log has more than the archive, which cannot be written, can take: the disk is full or fails. Make room there, and start again.',
  )
}
