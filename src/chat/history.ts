import type { Archive } from '../archive/archive.js'
import type { Part, Range } from '../archive/archive-reader.js'
import { mergeIds } from '../base/merge-ids.js'
import type { ChatState } from './chat-state.js'
import type { Page } from './page.js'
import type { IdList } from './state/id-list.js'
import { targetOf, type Room } from './state/rooms.js'
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
    return this.conversationsOf(user).some(({ messages }) => messages.goesOnAfter(after))
  }

  /** The messages that are for the user, from his inbox and his rooms, after one of them: `limit` at most. */
  page(user: User, lastId: number, limit: number): Page | Promise<Page> {
    const after = this.forgotten(lastId)
    return this.behind(user, after).length > 0
      ? this.archived(user, after, limit, lastId)
      : this.remembered(user, after, limit, lastId)
  }

  /** For each of these times, in ms since the epoch, the newest message that was accepted before it. */
  async lastBefore(times: readonly number[]): Promise<number[]> {
    return this.archive ? this.archive.lastBefore(times) : times.map((time) => this.state.messages.lastBefore(time))
  }

  private async archived(user: User, from: number, limit: number, lastId: number): Promise<Page> {
    const archived: Uint8Array[] = []
    let [after, last] = [from, lastId]
    let [rows, bytes] = [limit, pageSize]
    // While the archive was read, memory may have let go of more.
    for (;;) {
      if (!this.archive || this.behind(user, after).length === 0) break
      const { part, before } = await this.archivedPart(this.archive, user, after, { limit: rows, bytes })
      archived.push(part.records)
      last = part.last ?? last
      if (part.more) return { archived, ids: [], lastId: last, hasMore: true }
      // What has expired meanwhile may be deleted already.
      after = this.forgotten(before - 1)
      rows -= part.count
      bytes -= part.records.length
    }
    const isEmpty = archived.every((records) => records.length === 0)
    return { ...this.remembered(user, after, rows, last, bytes, isEmpty ? 1 : 0), archived }
  }

  /** @returns what the archive has from there on, and before which message it ends: where memory begins now. */
  private async archivedPart(
    archive: Archive,
    user: User,
    after: number,
    bounds: Pick<Range, 'limit' | 'bytes'>,
  ): Promise<{ part: Part; before: number }> {
    let before = after
    const part = await archive.page(user.number, () => {
      before = this.state.messages.floor
      // What has expired while it waited for its turn may be deleted already.
      return { targets: this.behind(user, this.forgotten(after)), before, ...bounds }
    })
    return { part, before }
  }

  /**
   * What is in memory.
   * @param lastId The last message before.
   * @param least Messages that are taken even if they have more bytes.
   */
  private remembered(user: User, after: number, limit: number, lastId: number, bytes = pageSize, least = 1): Page {
    const lists = this.conversationsOf(user).map((conversation) => conversation.messages)
    const found = mergeAfter(lists, after, limit + 1)
    const count = this.state.messages.fitting(found.slice(0, limit), bytes, least)
    const ids = found.slice(0, count)
    return { archived: [], ids, lastId: ids.at(-1) ?? lastId, hasMore: found.length > count }
  }

  /** The conversations of which something after that message is no longer in memory, and from where on. */
  private behind(user: User, after: number): Range['targets'] {
    const { floor } = this.state.messages
    if (!this.archive || after >= floor - 1) return []
    return this.conversationsOf(user).flatMap((conversation) => {
      const { messages } = conversation
      const from = Math.max(after, messages.expired)
      const newest = messages.newestBefore(floor)
      return newest > from ? [{ target: targetOf(conversation), after: from, newest }] : []
    })
  }

  private conversationsOf(user: User): (User | Room)[] {
    return [user, ...user.rooms]
  }

  /** Where to begin: what is before that is no more. */
  private forgotten(lastId: number): number {
    const { expired, messages } = this.state
    return Math.max(lastId, this.archive ? expired : messages.floor - 1)
  }
}

/** The ids after `lastId` in several lists. Lists with nothing new cost one comparison. */
export function mergeAfter(lists: readonly IdList[], lastId: number, count: number): number[] {
  return mergeIds(
    lists.filter((list) => list.goesOnAfter(lastId)).map((list) => list.after(lastId)),
    count,
  )
}
