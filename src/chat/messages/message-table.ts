import type { MessageFacts } from './message-json.js'
import type { Placed } from './slabs.js'

/** Messages whose places are kept together, and dropped together. */
const chunkLength = 2 ** 14
/** A record's length takes the low bits of its word, its private part's length the rest. */
const lengthBits = 20
const lengthMask = 2 ** lengthBits - 1

/** The places and facts of 16,384 messages. */
interface Chunk {
  readonly addresses: Uint32Array
  readonly words: Uint32Array
  readonly targets: Float64Array
  readonly senders: Float64Array
  readonly times: Float64Array
}

/** How long a record and its private part are, in bytes, as one number. */
type Word = number

export const recordLength = (word: Word): number => word & lengthMask
export const privateLength = (word: Word): number => word >>> lengthBits

/** Where the records of messages are, how long, and what never changes of them, by id. It takes 32 bytes for each. */
export class MessageTable {
  private readonly chunks = new Map<number, Chunk>()

  note(id: number, { target, sender, sentAt }: MessageFacts): void {
    const { targets, senders, times } = this.chunkFor(id)
    const index = id % chunkLength
    targets[index] = target
    senders[index] = sender
    times[index] = sentAt
  }

  place(id: number, { address, length, ownLength }: Placed): void {
    const { addresses, words } = this.chunkFor(id)
    addresses[id % chunkLength] = address
    words[id % chunkLength] = ownLength * 2 ** lengthBits + length
  }

  /** Whether one has been placed, and not been forgotten. */
  has(id: number): boolean {
    const chunk = this.chunks.get(Math.floor(id / chunkLength))
    return chunk !== undefined && chunk.words[id % chunkLength] !== 0
  }

  address(id: number): number {
    return this.chunkOf(id).addresses[id % chunkLength] as number
  }

  word(id: number): Word {
    return this.chunkOf(id).words[id % chunkLength] as number
  }

  target(id: number): number {
    return this.chunkOf(id).targets[id % chunkLength] as number
  }

  sender(id: number): number {
    return this.chunkOf(id).senders[id % chunkLength] as number
  }

  /** When it was accepted, in ms since the epoch. */
  time(id: number): number {
    return this.chunkOf(id).times[id % chunkLength] as number
  }

  /** Forgets those before this one, as far as others are not kept with them. */
  forgetBefore(id: number): void {
    for (const number of this.chunks.keys()) {
      if ((number + 1) * chunkLength > id) break
      this.chunks.delete(number)
    }
  }

  private chunkOf(id: number): Chunk {
    return this.chunks.get(Math.floor(id / chunkLength)) as Chunk
  }

  private chunkFor(id: number): Chunk {
    const number = Math.floor(id / chunkLength)
    let chunk = this.chunks.get(number)
    if (!chunk) this.chunks.set(number, (chunk = newChunk()))
    return chunk
  }
}

const newChunk = (): Chunk => ({
  addresses: new Uint32Array(chunkLength),
  words: new Uint32Array(chunkLength),
  targets: new Float64Array(chunkLength),
  senders: new Float64Array(chunkLength),
  times: new Float64Array(chunkLength),
})
