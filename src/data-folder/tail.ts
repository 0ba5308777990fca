import { ArchiveReader } from '../archive/archive-reader.js'
import { Changes } from '../archive/changes.js'
import { restoreState, type Reader } from '../archive/restore.js'
import { ChatState } from '../chat/chat-state.js'
import { applyEntry } from '../chat/command-log.js'
import { DataError } from '../base/data-error.js'
import { commandsOf } from './commands.js'
import { logRows, type View } from './view.js'

/** What the log has that the archive has not yet. */
export interface Tail {
  /** As it is at the end of the log. The messages that the archive has are not in it. */
  readonly state: ChatState
  /** What has to be written to bring the archive there. */
  readonly changes: Changes
  /** How many entries it has. */
  readonly entries: number
}

/** Replays the log's tail on what the archive has, as a start does, and writes nothing. @throws {DataError} */
export async function replayTail(view: View): Promise<Tail> {
  const state = new ChatState(messageMemory)
  const changes = new Changes(state)
  await restoreState(state, readerOf(view), view.archiveFile)
  // What is not in the archive is nowhere else.
  state.messages.archived = state.messages.newest
  const start = state.position
  for (const row of logRows(view))
    for (const entry of commandsOf(row, view.logFile)) {
      if (entry.position <= state.position) continue
      if (entry.position > state.position + 1)
        throw new DataError(
          `${view.logFile} begins at entry ${entry.position}, but the archive ends at entry ${start}: what is between them is lost. Bring back a backup with "npx chatroom restore FILE".`,
        )
      applyEntry(entry, (it) => changes.take(state.apply(it)))
    }
  return { state, changes, entries: state.position - start }
}

/** Memory for messages of the tail, in bytes; they may take more. */
const messageMemory = 2 ** 21

function readerOf({ database, archiveFile }: View): Reader {
  const reader = new ArchiveReader({ file: archiveFile }, database)
  return {
    call: async (method, ...args) => (reader[method] as (...args: unknown[]) => never).apply(reader, args),
  } as Reader
}
