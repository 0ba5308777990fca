import type { Command } from '../../schemas/commands.js'
import { ChatError } from '../chat/chat-error.js'
import type { Apply } from './log.js'

/** A command on its way into the log, and who waits for what it comes to. */
export interface Waiting {
  readonly at: number
  readonly command: Command
  readonly resolve: (outcome: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Applies commands that have been committed, and tells those who wait. @param first The position of the first. */
export function settle(group: readonly Waiting[], first: number, apply: Apply): void {
  let position = first
  for (const { at, command, resolve, reject } of group) {
    try {
      resolve(apply({ position: position++, at, command }))
    } catch (error) {
      reject(error)
      // The state may be half of what it should be: nobody may go on with it.
      if (!(error instanceof ChatError)) throw error
    }
  }
}
