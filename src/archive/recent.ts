import type { ChatState } from '../chat/chat-state.js'
import { targetOf, type Room } from '../chat/state/rooms.js'
import type { User } from '../chat/state/users.js'
import type { Window } from '../log/log-file.js'
import { damaged } from '../storage/data-error.js'
import { eventsIn, type JournalEvent } from './journal.js'
import { missingJournal, type RecentMessages } from './recent-reader.js'
import type { Reader } from './restore.js'

/** The latest live events, in order. */
export interface RecentEvents {
  /** The position behind which all of them are here, but for those of messages that are deleted. */
  readonly after: number
  readonly events: readonly JournalEvent[]
}

/** What is brought back into memory when a state has been restored: the latest messages and live events. */
export class Recent {
  /** The position that the state was restored to. */
  private readonly upTo: number

  /**
   * @param window Which live events are recent.
   * @param now In ms since the epoch.
   */
  constructor(
    private readonly state: ChatState,
    private readonly reader: Reader,
    private readonly file: string,
    private readonly window: Window,
    private readonly now: number,
  ) {
    this.upTo = state.position
  }

  /**
   * Brings back the messages that the recent events tell of, but no more than half of the memory for messages: none where
   * there are no events, as in a folder that was restored or imported.
   * @throws {DataError} if one is missing, or not what was written
   */
  async restoreMessages(): Promise<void> {
    const { state, file } = this
    const { messages } = state
    const { newest } = messages
    const least = Math.max(state.expired + 1, await this.oldestMessage())
    const oldest = await this.reader.call('oldestWithin', least, newest + 1, messages.memory / 2)
    messages.startAfter(oldest - 1)
    const lists = new Lists(state, oldest, file)
    for await (const chunk of this.messages(oldest)) putBack(chunk, state, lists)
    messages.newest = newest
    lists.putBack()
  }

  /**
   * The recent events, as far as the messages that they tell of are in memory. An event of a message that is deleted, as those
   * of rooms that are gone, is left out: nobody may read it.
   * @throws {DataError} if some are missing, or not what was written
   */
  async events(): Promise<RecentEvents> {
    const { messages } = this.state
    let after = this.upTo
    let events: JournalEvent[] = []
    for await (const chunk of this.journal()) {
      after = Math.min(after, chunk.first - 1)
      for (const event of chunk.events) {
        const { position, messageId } = event
        if (position > this.upTo) break
        if (!this.isRecent(event) || (messageId !== undefined && messageId < messages.floor)) {
          after = position
          events = []
        } else if (position > after && (messageId === undefined || messages.has(messageId))) events.push(event)
      }
    }
    return { after, events }
  }

  /** The oldest message that the recent events tell of; the next that there will be if there is none. */
  private async oldestMessage(): Promise<number> {
    for await (const { events } of this.journal()) {
      const event = events.find((event) => event.messageId !== undefined && this.isRecent(event))
      if (event?.messageId !== undefined) return event.messageId
    }
    return this.state.messages.newest + 1
  }

  private isRecent({ position, at }: JournalEvent): boolean {
    return position > this.upTo - this.window.entries && at > this.now - this.window.age
  }

  /** While a chunk is put back here, the next is read there. */
  private async *messages(from: number): AsyncGenerator<RecentMessages> {
    const read = (id: number): Promise<RecentMessages> => {
      const chunk = this.reader.call('recentMessages', id)
      // Nobody may come to wait for it, where something is wrong with the one before.
      chunk.catch(() => undefined)
      return chunk
    }
    let next = read(from)
    for (;;) {
      const chunk = await next
      const last = chunk.ids.at(-1)
      if (last === undefined) return
      next = read(last + 1)
      yield chunk
    }
  }

  private async *journal(): AsyncGenerator<{ first: number; events: JournalEvent[] }> {
    const start = Math.max(1, this.upTo - this.window.entries + 1)
    for (let position = start; position <= this.upTo;) {
      const chunk = await this.reader.call('journal', position)
      if (!chunk) return
      const { first, last, entries } = chunk
      if (last < position) throw missingJournal(this.file, last + 1, this.upTo)
      if (position > start && first !== position) throw missingJournal(this.file, position, first - 1)
      yield { first, events: eventsIn(entries) }
      position = last + 1
    }
  }
}

function putBack(chunk: RecentMessages, { messages, rooms }: ChatState, lists: Lists): void {
  const { ids, ends, targets, senders, previous, clientIds } = chunk
  const records = Buffer.from(chunk.records.buffer, chunk.records.byteOffset, chunk.records.length)
  let [index, start] = [0, 0]
  for (const id of ids) {
    const target = targets[index] as number
    const end = ends[index] as number
    const room = target < 0 ? rooms.find(-target) : undefined
    // What is deleted may be on disk still.
    if (target > 0 || (room && id > room.messages.expired)) {
      messages.putBack(id, { bytes: records, start, end }, senders[index] as number, clientIds.get(id))
      lists.add(target, id, previous[index] as number, room?.messages.expired ?? 0)
    }
    start = end
    index++
  }
}

interface List {
  readonly previous: number
  readonly ids: number[]
}

/** The ids of the messages that are brought back, by conversation: each says which was before it, so none can be missing. */
class Lists {
  private readonly byTarget = new Map<number, List>()

  /** @param oldest The oldest id of all that are brought back. */
  constructor(
    private readonly state: ChatState,
    private readonly oldest: number,
    private readonly file: string,
  ) {}

  /** @param expired The newest id of the conversation that has been deleted. @throws {DataError} if one is missing before */
  add(target: number, id: number, previous: number, expired: number): void {
    const list = this.byTarget.get(target)
    if (previous > (list?.ids.at(-1) ?? Math.max(this.oldest - 1, expired))) throw missing(this.file, previous)
    if (list) list.ids.push(id)
    else this.byTarget.set(target, { previous, ids: [id] })
  }

  /** Puts them where they belong. @throws {DataError} if the newest of a conversation is missing */
  putBack(): void {
    for (const conversations of [this.state.users, this.state.rooms])
      for (const conversation of conversations) this.putBackTo(conversation)
  }

  private putBackTo(conversation: User | Room): void {
    const { messages } = conversation
    if (messages.newest < Math.max(this.oldest, messages.expired + 1)) return
    const list = this.byTarget.get(targetOf(conversation))
    if (list?.ids.at(-1) !== messages.newest) throw missing(this.file, messages.newest)
    messages.putBack(list.ids, list.previous)
  }
}

const missing = (file: string, id: number): Error => damaged(file, `message ${id} is missing`)
