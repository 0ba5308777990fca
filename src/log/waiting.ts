import type { Command } from '../../schemas/commands.js'
import { ChatError } from '../chat/chat-error.js'
import { inTurns } from '../base/turns.js'
import type { Apply } from './log.js'

/** A command on its way into the log, and who waits for what it comes to. */
export interface Waiting {
  readonly at: number
  readonly command: Command
  readonly resolve: (outcome: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * Applies commands that have been committed, some in a turn, and tells those who wait.
 * @param first The position of the first.
 */
export async function settle(group: readonly Waiting[], first: number, apply: Apply): Promise<void> {
  let position = first
  await inTurns(group, ({ at, command, resolve, reject }) => {
    try {
      resolve(apply({ position: position++, at, command }))
    } catch (error) {
      reject(error)
      // The state may be half of what it should be: nobody may go on with it.
      if (!(error instanceof ChatError)) throw error
    }
  })
}
