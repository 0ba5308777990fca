/** A slab's size in bytes. A message's record is never longer: the settings bound its text. */
const slabSize = 2 ** 20
/** Slabs that an address of 32 bits can tell apart. */
const slabNumbers = 2 ** 12
/** Slabs that are wanted at most; the other numbers are for those that cannot be let go yet. */
const mostSlabs = 3584
/** The most bytes of UTF-8 that a unit of UTF-16 comes to. */
const bytesPerUnit = 3

interface Slab {
  readonly number: number
  readonly bytes: Buffer
  /** The newest message in it. */
  newest: number
}

/** Some of the bytes of a buffer. */
export interface Piece {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/** Where a record is, of 32 bits, how long it is, and how long what stands behind it. */
export interface Placed {
  readonly address: number
  readonly length: number
  readonly ownLength: number
}

/** The bytes of messages, appended to slabs of 1 MiB; those of a slab are let go together. */
export class Slabs {
  /** Oldest first. */
  private readonly slabs = new Map<number, Slab>()
  private current: Slab | undefined
  private used = 0
  private readonly most: number

  /** @param memory Bytes that they may take, from 2 MiB to 3.5 GiB. */
  constructor(memory: number) {
    this.most = Math.max(2, Math.min(mostSlabs, Math.floor(memory / slabSize)))
  }

  /** The bytes that they may take. */
  get memory(): number {
    return this.most * slabSize
  }

  /** Whether there are more than wanted. */
  get isOver(): boolean {
    return this.slabs.size > this.most
  }

  /**
   * Begins a slab, if the one under way cannot take what comes next.
   * @param newest The newest message so far.
   * @returns whether it did
   */
  makeRoom(record: string | Piece, own: string, newest: number): boolean {
    if (this.current && fits(record, own, slabSize - this.used)) return false
    const number = this.current ? (this.current.number + 1) % slabNumbers : 0
    this.current = { number, bytes: Buffer.alloc(slabSize), newest }
    this.used = 0
    this.slabs.set(number, this.current)
    return true
  }

  /** Appends a record, for which there is room, with what stands behind it. @param id Its message, if that is a new one. */
  append(record: string | Piece, own: string, id?: number): Placed {
    const slab = this.current as Slab
    const { bytes, number } = slab
    const start = this.used
    const length =
      typeof record === 'string'
        ? bytes.write(record, start)
        : record.bytes.copy(bytes, start, record.start, record.end)
    const ownLength = own === '' ? 0 : bytes.write(own, start + length)
    this.used += length + ownLength
    if (id !== undefined) slab.newest = id
    return { address: number * slabSize + start, length, ownLength }
  }

  find(address: number): { readonly bytes: Buffer; readonly start: number } {
    const { bytes } = this.slabs.get(Math.floor(address / slabSize)) as Slab
    return { bytes, start: address % slabSize }
  }

  /** Lets the oldest slab go, but not the one under way, if its messages are up to this one. @returns the newest of them */
  dropOldest(upTo: number): number | undefined {
    const [oldest] = this.slabs.values()
    if (!oldest || oldest === this.current || oldest.newest > upTo) return undefined
    this.slabs.delete(oldest.number)
    return oldest.newest
  }
}

function fits(record: string | Piece, own: string, left: number): boolean {
  if (typeof record !== 'string') return record.end - record.start + Buffer.byteLength(own) <= left
  // The bytes are counted only where it matters.
  if ((record.length + own.length) * bytesPerUnit <= left) return true
  return Buffer.byteLength(record) + Buffer.byteLength(own) <= left
}
