import {
  clientIdIn,
  closing,
  comma,
  messageJson,
  ownJson,
  type MessageContent,
  type MessageFacts,
} from './message-json.js'
import { MessageTable, privateLength, recordLength } from './message-table.js'
import { Revisions } from './revisions.js'
import { Slabs, type Piece } from './slabs.js'

/** Of the memory, the part that old messages may take which have been changed. */
const revisedPart = 1 / 8

/**
 * The latest messages, as the JSON bytes that readers get, appended to slabs of 1 MiB: a cache, of which nothing depends but
 * how fast a message is read. A message is serialised once, when it is accepted; a page is copied together, neighbours in one
 * go. What only the sender sees (`client_id`) stands behind the record. Beside its record a message costs 32 bytes, and nothing
 * here is an object that the garbage collector must walk.
 */
export class MessageStore {
  /** The id of the newest message; 0 before the first. */
  newest = 0
  /** The oldest message that is still here. */
  floor = 1
  /** Newer messages than this one are nowhere else: their bytes are kept. */
  archived = Infinity
  /** The oldest message of which the bytes are here. */
  private kept = 1

  private readonly slabs: Slabs
  private readonly table = new MessageTable()
  /** Older messages that have been changed lately. */
  private readonly revised: Revisions

  /** @param memory Bytes that messages may take, from 2 MiB to 3.5 GiB; past it the oldest are forgotten. */
  constructor(memory: number) {
    this.slabs = new Slabs(memory)
    this.revised = new Revisions(memory * revisedPart)
  }

  /** The bytes that it may take. */
  get memory(): number {
    return this.slabs.memory
  }

  /** Begins behind a message: this one and those before are elsewhere. */
  startAfter(id: number): void {
    this.newest = id
    this.floor = id + 1
    this.kept = id + 1
  }

  /**
   * Puts back a message that was here before, behind those that are here; ids between them are of messages that are gone.
   * @param record Where it is, with the comma behind it.
   */
  putBack(id: number, record: Piece, facts: MessageFacts): void {
    this.add(id, record, facts)
  }

  /** Puts back an older message that has been changed. @param record What all readers see, as a JSON object. */
  putBackRevision(id: number, record: Uint8Array, facts: MessageFacts): void {
    this.revised.set(id, { record: Buffer.from(record).toString() + comma, own: ownJson(facts), facts })
  }

  /** Whether a message is here. */
  has(id: number): boolean {
    return id >= this.floor && id <= this.newest && this.table.has(id)
  }

  /** Whether it can be read: one of the latest, or an older one that has been changed lately. */
  canRead(id: number): boolean {
    return this.has(id) || this.revised.has(id)
  }

  /** What never changes of a message that {@link canRead}. */
  factsOf(id: number): MessageFacts {
    if (!this.isKept(id)) return this.revised.factsOf(id)
    return {
      target: this.table.target(id),
      sender: this.table.sender(id),
      sentAt: this.table.time(id),
      clientId: this.clientIdOf(id),
    }
  }

  /** The number of the user who sees more of a message than others; 0 if nobody does. */
  ownerOf(id: number): number {
    if (!this.isKept(id)) return this.revised.ownerOf(id)
    return privateLength(this.table.word(id)) > 0 ? this.table.sender(id) : 0
  }

  private clientIdOf(id: number): string | undefined {
    const length = privateLength(this.table.word(id))
    if (length === 0) return undefined
    const { bytes, start } = this.place(id)
    const from = start + this.lengthOf(id)
    return clientIdIn(bytes.toString('utf8', from, from + length))
  }

  /** What all readers see of a message that {@link canRead}, as a JSON object. */
  recordOf(id: number): Buffer {
    if (!this.isKept(id)) return Buffer.from(this.revised.recordOf(id))
    const { bytes, start } = this.place(id)
    return bytes.subarray(start, start + this.lengthOf(id) - comma.length)
  }

  /** Forgets the messages up to this one. */
  forget(upTo: number): void {
    this.floor = Math.max(this.floor, upTo + 1)
    while (this.dropOldest(Math.min(upTo, this.archived)));
  }

  /** The newest message that is here and was accepted before a time, in ms since the epoch; that before the oldest if none was. */
  lastBefore(time: number): number {
    let low = this.floor - 1
    let high = this.newest
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.table.time(middle) < time) low = middle
      else high = middle - 1
    }
    return low
  }

  /** The bytes of a message's record, with the comma behind it. */
  lengthOf(id: number): number {
    return recordLength(this.table.word(id))
  }

  /** Appends a message and returns its id. */
  append(content: MessageContent, facts: MessageFacts): number {
    const id = this.newest + 1
    this.add(id, messageJson(id, content) + comma, facts)
    return id
  }

  /** Puts other content in the place of a message's. */
  replace(id: number, content: MessageContent, facts: MessageFacts): void {
    const [record, own] = [messageJson(id, content) + comma, ownJson(facts)]
    if (!this.has(id)) {
      this.revised.set(id, { record, own, facts })
      return
    }
    this.wipe(id)
    this.makeRoom(record, own)
    // A slab is let go when its newest message is old: this one goes with the others of its age.
    if (this.has(id)) this.table.place(id, this.slabs.append(record, own))
    else this.revised.set(id, { record, own, facts })
  }

  /** How many of these messages, from the first on, are within so many bytes; `least` even if they are not. */
  fitting(ids: readonly number[], bytes: number, least = 1): number {
    let size = 0
    for (const [index, id] of ids.entries()) {
      size += this.lengthOf(id)
      if (size > bytes && index >= least) return index
    }
    return ids.length
  }

  /** The bytes that {@link copy} needs at most for these messages. */
  sizeOf(ids: readonly number[]): number {
    let size = 0
    for (const id of ids) {
      if (!this.isKept(id)) size += this.revised.sizeOf(id)
      else {
        const word = this.table.word(id)
        size += recordLength(word) + privateLength(word)
      }
    }
    return size
  }

  /**
   * Copies messages as the elements of a JSON array, each with a comma behind it.
   * @param viewer The number of the user who reads: the sender of a message sees its private part.
   * @returns the position after the last.
   */
  copy(ids: readonly number[], viewer: number, target: Buffer, position: number): number {
    let end = position
    let source: Buffer | undefined
    let from = 0
    let to = 0
    for (const id of ids) {
      if (!this.isKept(id)) {
        if (source) end += source.copy(target, end, from, to)
        source = undefined
        end += this.revised.copy(id, viewer, target, end)
        continue
      }
      const { bytes, start } = this.place(id)
      const word = this.table.word(id)
      if (bytes !== source || start !== to) {
        if (source) end += source.copy(target, end, from, to)
        source = bytes
        from = start
      }
      to = start + recordLength(word)
      if (privateLength(word) > 0 && this.table.sender(id) === viewer) {
        end += source.copy(target, end, from, to - closing.length)
        from = to
        to += privateLength(word)
      }
    }
    if (source) end += source.copy(target, end, from, to)
    return end
  }

  private add(id: number, record: string | Piece, facts: MessageFacts): void {
    const own = ownJson(facts)
    this.makeRoom(record, own)
    this.table.note(id, facts)
    this.table.place(id, this.slabs.append(record, own, id))
    this.newest = id
  }

  /** Whether its bytes are here: also of one that has been forgotten, as long as it is nowhere else. */
  private isKept(id: number): boolean {
    return id >= this.kept && id <= this.newest && this.table.has(id)
  }

  /** What is not to be read any more is not in memory either. */
  private wipe(id: number): void {
    const { bytes, start } = this.place(id)
    bytes.fill(0, start, start + this.lengthOf(id))
  }

  /** Sees to it that there is room for what comes next. The oldest messages may go for that. */
  private makeRoom(record: string | Piece, own: string): void {
    if (!this.slabs.makeRoom(record, own, this.newest)) return
    while (this.slabs.isOver && this.dropOldest(this.archived)) this.floor = Math.max(this.floor, this.kept)
  }

  /** @returns whether it did */
  private dropOldest(upTo: number): boolean {
    const newest = this.slabs.dropOldest(upTo)
    if (newest === undefined) return false
    this.kept = newest + 1
    this.table.forgetBefore(this.kept)
    return true
  }

  private place(id: number): { bytes: Buffer; start: number } {
    return this.slabs.find(this.table.address(id))
  }
}
