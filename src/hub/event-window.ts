import type { MessageStore } from '../chat/messages/message-store.js'
import type { ChatState } from '../chat/chat-state.js'
import type { EventContent, EventPlace, KeptEvent } from '../chat/events.js'
import { isoTime } from '../chat/messages/message-json.js'
import { IdList } from '../chat/messages/id-list.js'
import { targetOf } from '../chat/tables/rooms.js'
import type { User } from '../chat/tables/users.js'
import { conversationsOf, isThere } from '../chat/who-may.js'
import { mergeIds } from '../base/merge-ids.js'
import { Cursors, isBehind, type Place } from './cursor.js'
import { eventJson, ToldEvent } from './told-event.js'
import type { Window } from '../base/window.js'

/** The target of what is for everybody. */
const everybody = 0
/** Dropped events leave their places when there are so many of them. */
const slack = 10_000
/** The type of the events of which there are many. */
const messageCreated = 'message.created'

/**
 * The latest events, for those who come back with a cursor. A message's event is kept as numbers, and written from the bytes
 * of the message when it is asked for; so it goes as far back as there are messages in memory, at most.
 */
export class EventWindow {
  /** The number of the newest event; events count from 1. */
  newest = 0
  readonly cursors: Cursors
  /** What is not behind this place is not in the window. */
  private floor: Place
  /** The number of the oldest event that is kept. */
  private oldest = 1
  /** By number, from `first` on. */
  private first = 1
  private readonly positions: number[] = []
  private readonly indexes: number[] = []
  private readonly times: number[] = []
  /** 0 where an event is not of a new message. */
  private readonly messages: number[] = []
  /** The first two targets; of a direct message its recipient and its sender. */
  private readonly tos: number[] = []
  private readonly froms: number[] = []
  /** What those tell that are not of a new message. */
  private readonly others = new Map<number, EventContent>()
  /** The numbers of the events of each target: the number of a user, minus that of a room. */
  private readonly byTarget = new Map<number, IdList>()
  private sweepAt = slack
  /** The number of the oldest event of a message; that behind the newest event if there is none. */
  private oldestMessage = 1

  /** @param now Gives the time, in ms since the epoch. */
  constructor(
    private readonly state: ChatState,
    log: { readonly epoch: string },
    private readonly bounds: Window,
    private readonly now: () => number,
  ) {
    this.cursors = new Cursors(log)
    this.floor = { position: state.position, index: Infinity }
  }

  /** The cursor behind all that has been told. Not to be asked for while an entry is being applied. */
  get cursor(): string {
    return this.cursors.write(this.state.position)
  }

  /** Puts back what was kept over a restart; nothing of it is missing after this position. */
  restore(events: readonly KeptEvent[], after: number): void {
    this.floor = { position: after, index: Infinity }
    for (const event of events) this.add(event, event.targets, event)
  }

  /** @param targets As {@link KeptEvent} has them. */
  add({ type, messageId, body }: EventContent, targets: readonly number[], { position, index, at }: EventPlace): void {
    const isNew = type === messageCreated && messageId !== undefined
    const number = ++this.newest
    this.positions.push(position)
    this.indexes.push(index)
    this.times.push(at)
    this.messages.push(isNew ? messageId : 0)
    this.tos.push(targets[0] ?? everybody)
    this.froms.push(targets[1] ?? everybody)
    if (!isNew) this.others.set(number, { type, ...(messageId !== undefined && { messageId }), ...(body && { body }) })
    for (const target of targets.length > 0 ? targets : [everybody]) this.listOf(target).push(number, this.oldest)
    this.drop()
  }

  /** The number of the last event that whoever has this cursor knows; undefined if what came after it is not all here. */
  find(cursor: string): number | undefined {
    const place = this.cursors.read(cursor)
    this.drop()
    if (!place || isBehind(this.floor, place) || place.position > this.state.position) return undefined
    let low = this.oldest - 1
    let high = this.newest
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (isBehind(this.placeOf(middle), place)) high = middle - 1
      else low = middle
    }
    return low
  }

  /** The numbers of the next events for a user, `count` at most; undefined if they are not all here any more. */
  after(user: User, number: number, count: number): number[] | undefined {
    this.drop()
    if (number < this.oldest - 1) return undefined
    const lists = [...conversationsOf(user).map(targetOf), everybody].flatMap(
      (target) => this.byTarget.get(target) ?? [],
    )
    const newer = lists.filter((list) => list.goesOnAfter(number)).map((list) => list.after(number))
    return mergeIds(newer, count)
  }

  /**
   * An event, as the user with this number sees it; undefined if what it tells of is not here any more, `gone` if nobody may
   * read that any more.
   */
  event(number: number, viewer: number): ToldEvent | 'gone' | undefined {
    const place = number - this.first
    const { position, index } = this.placeOf(number)
    const cursor = this.cursors.write(position, index)
    const at = isoTime(this.times[place] as number)
    const created = { type: messageCreated, messageId: this.messages[place] as number }
    const { type, messageId, body = {} }: EventContent = this.others.get(number) ?? created
    if (messageId === undefined) return new ToldEvent(eventJson(type, body, at, cursor), cursor)
    const { messages } = this.state
    if (messageId <= this.state.expired) return 'gone'
    if (!messages.canRead(messageId)) return undefined
    if (!isThere(this.state, messageId, messages.factsOf(messageId))) return 'gone'
    return new ToldEvent(messageEventJson(messages, type, messageId, viewer, at, cursor), cursor)
  }

  /** The numbers of the users at the other end of direct messages, among the latest events of a user. */
  *partners({ number: user }: User, count: number): Generator<number> {
    for (const number of this.byTarget.get(user)?.latest(count) ?? []) {
      if (number < this.oldest) return
      const place = number - this.first
      const [to, from] = [this.tos[place] as number, this.froms[place] as number]
      const partner = to === user ? from : to
      if (partner > 0) yield partner
    }
  }

  private placeOf(number: number): Place {
    const place = number - this.first
    return { position: this.positions[place] as number, index: this.indexes[place] as number }
  }

  private listOf(target: number): IdList {
    let list = this.byTarget.get(target)
    if (!list) this.byTarget.set(target, (list = new IdList()))
    return list
  }

  /** Drops what the bounds do not keep, and what tells of messages that are not in memory any more. */
  private drop(): void {
    const { position, messages } = this.state
    const oldestTime = this.now() - this.bounds.age
    while (this.oldest <= this.newest) {
      const place = this.oldest - this.first
      const isKept =
        (this.positions[place] as number) > position - this.bounds.entries &&
        (this.times[place] as number) > oldestTime &&
        !this.hasGap(messages.floor)
      if (isKept) break
      this.floor = this.placeOf(this.oldest)
      this.others.delete(this.oldest)
      this.oldest++
    }
    if (this.oldest - this.first > slack) this.compact()
  }

  /** Whether the oldest message of which is told is not in memory any more: what comes before its event is of no use alone. */
  private hasGap(floor: number): boolean {
    this.oldestMessage = Math.max(this.oldestMessage, this.oldest)
    while (this.messages[this.oldestMessage - this.first] === 0) this.oldestMessage++
    const id = this.messages[this.oldestMessage - this.first]
    return id !== undefined && id < floor
  }

  private compact(): void {
    const count = this.oldest - this.first
    if (count * 2 < this.positions.length) return
    for (const column of [this.positions, this.indexes, this.times, this.messages, this.tos, this.froms])
      column.splice(0, count)
    this.first = this.oldest
    if (this.oldest < this.sweepAt) return
    this.sweepAt = this.oldest + this.byTarget.size
    for (const [target, { newest }] of this.byTarget) if (newest < this.oldest) this.byTarget.delete(target)
  }
}

/** @param viewer The number of the user who reads: the sender sees its `client_id`. */
export function messageEventJson(
  store: MessageStore,
  type: string,
  id: number,
  viewer: number,
  at: string,
  eventId: string,
): Buffer {
  const head = `{"type":"${type}","event_id":"${eventId}","at":"${at}","message":`
  const json = Buffer.allocUnsafe(head.length + store.sizeOf([id]))
  const end = store.copy([id], viewer, json, json.write(head, 'latin1'))
  // The record has a comma behind it.
  json[end - 1] = closingBrace
  return json.subarray(0, end)
}

const closingBrace = '}'.charCodeAt(0)
