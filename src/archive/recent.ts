import type { Window } from '../base/window.js'
import type { ChatState } from '../chat/chat-state.js'
import type { KeptEvent } from '../chat/events.js'
import { isThere } from '../chat/who-may.js'
import { eventsIn } from './journal.js'
import { Lists } from './lists.js'
import type { MessageRun } from './message-writer.js'
import { missingJournal } from './recent-reader.js'
import type { Reader } from './restore.js'

/** The latest live events, in order. */
export interface RecentEvents {
  /** The position behind which all of them are here, but for those of messages that are deleted. */
  readonly after: number
  readonly events: readonly KeptEvent[]
}

/** What is brought back into memory when a state has been restored: the latest messages and live events. */
export class Recent {
  /** The position that the state was restored to. */
  private readonly upTo: number
  /** The events of the messages that are brought back. */
  private readonly created: KeptEvent[] = []
  /** The position up to which messages may have been left out. */
  private leftOut = 0

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
    this.leftOut = await this.reader.call('positionBefore', oldest, state.expired)
    messages.startAfter(oldest - 1)
    const lists = new Lists(state, oldest, file)
    for await (const chunk of this.messages(oldest)) this.putBack(chunk, lists)
    messages.newest = newest
    lists.putBack()
  }

  /**
   * The recent events, as far as the messages that they tell of are in memory. An event of a message that is deleted, as those
   * of rooms that are gone, is left out: nobody may read it.
   * @throws {DataError} if some are missing, or not what was written
   */
  async events(): Promise<RecentEvents> {
    let after = this.upTo
    let others: KeptEvent[] = []
    for await (const chunk of this.journal()) {
      after = Math.min(after, chunk.first - 1)
      others = others.concat(chunk.events)
    }
    after = Math.max(after, this.leftOut)
    let events: KeptEvent[] = []
    for (const event of inOrder(others, this.created)) {
      if (event.position <= after || event.position > this.upTo) continue
      if (!this.isRecent(event)) {
        after = event.position
        events = []
      } else if (await this.canTell(event)) events.push(event)
    }
    return { after, events }
  }

  /** Whether what an event tells of is here. An older message that it says has been changed is brought back. */
  private async canTell({ messageId }: KeptEvent): Promise<boolean> {
    const { messages } = this.state
    if (messageId === undefined || messages.canRead(messageId)) return true
    const row = await this.reader.call('message', messageId)
    if (!row) return false
    const { target, sender, sent_at: sentAt, client_id: clientId, record } = row
    const facts = { target, sender, sentAt, clientId: clientId ?? undefined }
    // What has expired may be on disk still.
    if (!isThere(this.state, messageId, facts)) return false
    messages.putBackRevision(messageId, record, facts)
    return true
  }

  /** The oldest message that the recent events tell of; the next that there will be if there is none. */
  private async oldestMessage(): Promise<number> {
    const start = this.upTo - this.window.entries
    const journal = await this.reader.call('journal', Math.max(1, start + 1))
    if (!journal) return this.state.messages.newest + 1
    return this.reader.call('firstBehind', Math.max(start, journal.first - 1), this.now - this.window.age)
  }

  private isRecent({ position, at }: KeptEvent): boolean {
    return position > this.upTo - this.window.entries && at > this.now - this.window.age
  }

  private putBack(chunk: MessageRun, lists: Lists): void {
    const { messages, rooms, directs } = this.state
    const { ids, ends, targets, senders, times, positions, indexes, previous, clientIds } = chunk
    const records = Buffer.from(chunk.records.buffer, chunk.records.byteOffset, chunk.records.length)
    let start = 0
    for (const [index, id] of ids.entries()) {
      const [target, sender, at] = [targets[index] as number, senders[index] as number, times[index] as number]
      const end = ends[index] as number
      const room = target < 0 ? rooms.find(-target) : undefined
      // What is deleted may be on disk still.
      if (target > 0 || (room && id > room.messages.expired)) {
        messages.putBack(
          id,
          { bytes: records, start, end },
          { target, sender, sentAt: at, clientId: clientIds.get(id) },
        )
        lists.add(target, id, previous[index] as number, room?.messages.expired ?? 0)
        if (target > 0) directs.push(sender, target, id, messages.floor)
        const told = target < 0 || sender === target || sender === 0 ? [target] : [target, sender]
        const place = { position: positions[index] as number, index: indexes[index] as number, at }
        this.created.push({ ...place, targets: told, type: 'message.created', messageId: id })
      }
      start = end
    }
  }

  /** While a chunk is put back here, the next is read there. */
  private async *messages(from: number): AsyncGenerator<MessageRun> {
    const read = (id: number): Promise<MessageRun> => {
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

  private async *journal(): AsyncGenerator<{ first: number; events: KeptEvent[] }> {
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

/** Two lists in order as one. */
function* inOrder(some: readonly KeptEvent[], others: readonly KeptEvent[]): Generator<KeptEvent> {
  let [one, other] = [0, 0]
  for (;;) {
    const [first, second] = [some[one], others[other]]
    if (!first && !second) return
    if (first && (!second || isBefore(first, second))) {
      one++
      yield first
    } else if (second) {
      other++
      yield second
    }
  }
}

const isBefore = (one: KeptEvent, other: KeptEvent): boolean =>
  one.position < other.position || (one.position === other.position && one.index < other.index)
