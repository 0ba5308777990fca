import { mergeIds } from '../../base/merge-ids.js'
import { ChatError } from '../chat-error.js'
import type { ChatData } from '../chat-data.js'
import type { Archive, Neighbours, Part, Range, Source } from '../ports.js'
import type { Page } from './page.js'
import type { IdList } from './id-list.js'
import { isRoom, targetOf, type Room } from '../tables/rooms.js'
import type { User } from '../tables/users.js'
import { conversationsOf } from '../who-may.js'

/** The bytes of a page at most, unless one message alone has more. */
const pageSize = 2 ** 20

/** Reads messages: the latest from memory, older ones from the archive if there is one. */
export class History {
  constructor(
    private readonly state: ChatData,
    private readonly archive: Archive | undefined,
  ) {}

  /** Whether there is anything for the user after a message. */
  hasNew(user: User, lastId: number): boolean {
    const after = this.forgotten(lastId)
    return conversationsOf(user).some(({ messages }) => messages.goesOnAfter(after))
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
    const lists = conversationsOf(user).map((conversation) => conversation.messages)
    const found = mergeAfter(lists, after, limit + 1)
    const count = this.state.messages.fitting(found.slice(0, limit), bytes, least)
    const ids = found.slice(0, count)
    return { archived: [], ids, lastId: ids.at(-1) ?? lastId, hasMore: found.length > count }
  }

  /** The conversations of which something after that message is no longer in memory, and from where on. */
  private behind(user: User, after: number): Range['targets'] {
    const { floor } = this.state.messages
    if (!this.archive || after >= floor - 1) return []
    return conversationsOf(user).flatMap((conversation) => {
      const { messages } = conversation
      const from = Math.max(after, messages.expired)
      const newest = messages.newestBefore(floor)
      return newest > from ? [{ target: targetOf(conversation), after: from, newest }] : []
    })
  }

  /** Where to begin: what is before that is no more. */
  private forgotten(lastId: number): number {
    const { expired, messages } = this.state
    return Math.max(lastId, this.archive ? expired : messages.floor - 1)
  }

  /**
   * Reads of a conversation, again if meanwhile memory has let go of something, or something has expired: then what was read
   * here and what was read there need not fit together.
   * @param check Throws if the conversation may not be read any more.
   */
  async coherent<T>(to: User | Room, read: () => Promise<T>, check: () => void): Promise<T> {
    for (;;) {
      const [floor, first] = [this.state.messages.floor, this.firstOf(to)]
      const isAsBefore = (): boolean => floor === this.state.messages.floor && first === this.firstOf(to)
      try {
        const found = await read()
        check()
        if (isAsBefore()) return found
      } catch (error) {
        check()
        // What has gone meanwhile is missing here or there; a refusal is one.
        if (error instanceof ChatError || isAsBefore()) throw error
      }
    }
  }

  /** The messages of a conversation before one of them: the newest of those, `limit` at most, the oldest first. To be {@link coherent}. */
  async older(user: User, to: User | Room, before: number, limit: number): Promise<Page> {
    const { floor } = this.state.messages
    const [list, first] = [listOf(this.state, user, to), this.firstOf(to)]
    const found: number[] = []
    for (const id of list?.before(before) ?? []) {
      if (id < Math.max(floor, first) || found.length > limit) break
      found.push(id)
    }
    const count = this.state.messages.fitting(found.slice(0, limit), pageSize)
    const ids = found.slice(0, count).reverse()
    if (found.length > count || !this.archive || floor <= first)
      return { archived: [], ids, lastId: ids.at(-1) ?? 0, hasMore: found.length > count }
    const end = Math.min(before, floor)
    const range = { after: first - 1, before: end, newest: true, limit: limit - count, bytes: pageSize }
    const part = await this.neighbours(this.archive, user, to, range)
    return {
      archived: [part.records],
      ids,
      lastId: 0,
      hasMore: part.more,
    }
  }

  /** Those after one of them: the oldest of those, `limit` at most. To be {@link coherent}. */
  async newer(user: User, to: User | Room, after: number, limit: number): Promise<Page> {
    const from = Math.max(after, this.firstOf(to) - 1)
    let [archived, rows]: [Uint8Array[], number] = [[], limit]
    const { floor } = this.state.messages
    if (this.archive && from < floor - 1) {
      const range = { after: from, before: floor, newest: false, limit, bytes: pageSize }
      const part = await this.neighbours(this.archive, user, to, range)
      archived = [part.records]
      rows -= part.count
      if (part.more) return { archived, ids: [], lastId: 0, hasMore: true }
    }
    const source = listOf(this.state, user, to)?.after(Math.max(from, floor - 1))
    const found = source ? mergeIds([source], rows + 1) : []
    const count = this.state.messages.fitting(found.slice(0, rows), pageSize, archived.length > 0 ? 0 : 1)
    return { archived, ids: found.slice(0, count), lastId: 0, hasMore: found.length > count }
  }

  /** One may ask for no rows only to hear whether there are more. */
  private async neighbours(
    archive: Archive,
    user: User,
    to: User | Room,
    range: Omit<Neighbours, 'sources'>,
  ): Promise<Part> {
    return archive.neighbours(user.number, { ...range, sources: sourcesOf(user, to) })
  }

  /** The first message that may still be there. */
  private firstOf(to: User | Room): number {
    return Math.max(this.state.expired, isRoom(to) ? to.messages.expired : 0) + 1
  }
}

/** The ids after `lastId` in several lists. Lists with nothing new cost one comparison. */
export function mergeAfter(lists: readonly IdList[], lastId: number, count: number): number[] {
  return mergeIds(
    lists.filter((list) => list.goesOnAfter(lastId)).map((list) => list.after(lastId)),
    count,
  )
}

/** The messages in memory of a conversation. */
const listOf = ({ directs }: ChatData, user: User, to: User | Room): IdList | undefined =>
  isRoom(to) ? to.messages : directs.find(user, to)

/** A direct conversation has what both have said. */
function sourcesOf(user: User, to: User | Room): Source[] {
  if (isRoom(to)) return [{ target: targetOf(to) }]
  const sources = [{ target: to.number, sender: user.number }]
  return to === user ? sources : [...sources, { target: user.number, sender: to.number }]
}
