import type { Command } from '../../schemas/commands.js'
import { ChatError } from '../chat/chat-error.js'
import type { Apply, Entry } from './log.js'

/** The entries of a group. @param entries A JSON array of `[at, command]`, as it is stored. */
export function entriesOf(first: number, entries: string): Entry[] {
  const all = JSON.parse(entries) as [at: number, command: Command][]
  return all.map(([at, command], index) => ({ position: first + index, at, command }))
}

/** Applies an entry that was committed before. */
export function applyAgain(apply: Apply, entry: Entry): void {
  try {
    apply(entry)
  } catch (error) {
    // It was not valid then, and it is not now.
    if (!(error instanceof ChatError)) throw error
  }
}
