import type { Archive } from '../archive/archive.js'
import { targetOf } from '../archive/changes.js'
import { mergeIds } from '../merge-ids.js'
import type { ChatState } from './chat-state.js'
import type { Page } from './page.js'
import type { IdList } from './state/id-list.js'
import type { Room } from './state/rooms.js'
import type { User } from './state/users.js'

/** The bytes of a page at most, unless one message alone has more. */
const pageSize = 2 ** 20

/** Reads messages: the latest from memory, older ones from the archive if there is one. */
export class History {
  constructor(
    private readonly state: ChatState,
    private readonly archive: Archive | undefined,
  ) {}

  /** Whether there is anything for the user after a message. */
  hasNew(user: User, lastId: number): boolean {
    const after = this.forgotten(lastId)
    return this.conversationsOf(user).some(({ messages }) => messages.newest > after)
  }

  /** The messages that are for the user, from his inbox and his rooms, after one of them: `limit` at most. */
  page(user: User, lastId: number, limit: number): Page | Promise<Page> {
    const after = this.forgotten(lastId)
    if (this.behind(user, after).length > 0) return this.archived(user, after, limit)
    const page = this.remembered(user, after, limit)
    return page.ids.length > 0 ? page : { ...page, lastId }
  }

  private async archived(user: User, lastId: number, limit: number): Promise<Page> {
    const archived: Uint8Array[] = []
    let [after, last] = [lastId, lastId]
    let [rows, bytes] = [limit, pageSize]
    // While the archive was read, memory may have let go of more.
    for (;;) {
      const behind = this.behind(user, after)
      if (!this.archive || behind.length === 0) break
      const targets = behind.map(targetOf)
      const before = this.state.messages.floor
      const newest = behind.map(({ messages }) => messages.newestBefore(before))
      const part = await this.archive.page({ targets, newest, after, before, limit: rows, bytes, viewer: user.number })
      archived.push(part.records)
      last = part.last ?? last
      if (part.more) return { archived, ids: [], lastId: last, hasMore: true }
      after = before - 1
      rows -= part.count
      bytes -= part.records.length
    }
    const rest = this.remembered(user, after, rows, bytes, last > lastId ? 0 : 1)
    return { ...rest, archived, lastId: rest.ids.at(-1) ?? last }
  }

  /** What is in memory. @param least Messages that are taken even if they have more bytes. */
  private remembered(user: User, after: number, limit: number, bytes = pageSize, least = 1): Page {
    const lists = this.conversationsOf(user).map((conversation) => conversation.messages)
    const found = mergeAfter(lists, after, limit + 1)
    const count = this.state.messages.fitting(found.slice(0, limit), bytes, least)
    const ids = found.slice(0, count)
    return { archived: [], ids, lastId: ids.at(-1) ?? after, hasMore: found.length > count }
  }

  /** The conversations of which something after that message is no longer in memory. */
  private behind(user: User, after: number): (User | Room)[] {
    const { floor } = this.state.messages
    if (!this.archive || after >= floor - 1) return []
    return this.conversationsOf(user).filter(({ messages }) => messages.newestBefore(floor) > after)
  }

  private conversationsOf(user: User): (User | Room)[] {
    return [user, ...user.rooms]
  }

  /** Where to begin: what is neither in memory nor in an archive is no more. */
  private forgotten(lastId: number): number {
    return this.archive ? lastId : Math.max(lastId, this.state.messages.floor - 1)
  }
}

/** The ids after `lastId` in several lists. Lists with nothing new cost one comparison. */
export function mergeAfter(lists: readonly IdList[], lastId: number, count: number): number[] {
  return mergeIds(
    lists.filter((list) => list.newest > lastId).map((list) => list.after(lastId)),
    count,
  )
}
