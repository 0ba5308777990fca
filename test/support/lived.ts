import type { Command } from '../../schemas/commands.js'
import { SqliteArchive, type SqliteArchiveOptions } from '../../src/archive/sqlite-archive.js'
import { ChatState, declaredTables } from '../../src/chat/chat-state.js'
import { keptEvent, type Applied, type KeptEvent } from '../../src/chat/events.js'
import { History } from '../../src/chat/messages/history.js'
import { pageJson } from '../../src/chat/messages/page.js'
import type { Archive } from '../../src/chat/ports.js'
import { pathsIn } from '../../src/data-folder/paths.js'
import { applied } from './entries.js'

export interface LivedOptions extends Partial<SqliteArchiveOptions> {
  /** Bytes for messages. */
  readonly memory?: number
}

const day = 86_400_000

/** A state with its archive, as a chat has them. */
export class Lived {
  /** All live events since it was opened. */
  readonly noted: KeptEvent[] = []
  /** Pages that were read from the archive. */
  reads = 0
  readonly state: ChatState

  private constructor(
    readonly archive: SqliteArchive,
    memory: number,
  ) {
    this.state = new ChatState(memory)
    const page = archive.page.bind(archive)
    archive.page = (viewer, range) => {
      this.reads++
      return page(viewer, range)
    }
  }

  /** Opens what a folder has, at a time of 0 unless said otherwise. */
  static async open(folder: string, { memory = 2 ** 22, ...options }: LivedOptions = {}): Promise<Lived> {
    const window = { entries: 1_000_000, age: day }
    const archive = await SqliteArchive.open('an epoch', {
      file: pathsIn(folder).archive,
      window,
      tables: declaredTables(),
      now: () => 0,
      ...options,
    })
    const lived = new Lived(archive, memory)
    try {
      await archive.restore(lived.state)
      return lived
    } catch (error) {
      await archive.close()
      throw error
    }
  }

  /** Applies the command as the next entry. @returns the outcome, or the code of the failure */
  apply(command: Command, at = this.state.position + 1): unknown {
    const take = (result: Applied): void => {
      this.archive.take(result)
      this.noted.push(...keptEvents(result))
    }
    return applied(this.state, this.state.position + 1, at, command, { take })
  }

  /** All that a user reads after a message, page by page. */
  pages(user: number, lastId = 0, limit = 100): Promise<string> {
    return pagesOf(this.state, this.archive, user, lastId, limit)
  }

  close(): Promise<void> {
    return this.archive.close()
  }
}

/** The events of an entry, as they are kept for those who come back. */
export const keptEvents = ({ position, at, events }: Applied): KeptEvent[] =>
  events.map((event, index) => keptEvent(event, { position, index, at }))

/** All that a user reads of a state after a message, page by page. */
export async function pagesOf(
  state: ChatState,
  archive: Archive | undefined,
  user: number,
  lastId: number,
  limit: number,
): Promise<string> {
  const history = new History(state, archive)
  const pages: string[] = []
  for (let last = lastId; ;) {
    const page = await history.page(state.users.get(user), last, limit)
    pages.push(pageJson(state.messages, page, user).toString())
    if (!page.hasMore) return pages.join('\n')
    last = page.lastId
  }
}

const hash = 'h'.repeat(43)

/** Registers so many users, numbered from 1 on. */
export function register(lived: Lived, users: number): void {
  for (let number = 1; number <= users; number++)
    lived.apply({ type: 'register', username: `user ${number}`, token_hash: `${number}`.padStart(43, hash) })
}

/** Opens a room of the first users. @returns its number */
export function createRoom(lived: Lived, members: number, retention?: number): number {
  const participants = Array.from({ length: members }, (_, index) => index + 1)
  const room = { type: 'create_room', admin: 1, participants, visibility: 'private' } as const
  const outcome = lived.apply({ ...room, ...(retention !== undefined && { retention }) })
  return (outcome as { roomNumber: number }).roomNumber
}

/** Sends a message to a user or, if the number is negative, to a room. */
export function send(lived: Lived, sender: number, target: number, text: string, clientId?: string): void {
  lived.apply({
    type: 'send',
    sender,
    ...(target > 0 ? { to_user: target } : { to_room: -target }),
    text,
    ...(clientId !== undefined && { client_id: clientId, content_hash: text }),
  })
}
