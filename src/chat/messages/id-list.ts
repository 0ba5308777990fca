import type { IdSource } from '../../base/merge-ids.js'

const initialCapacity = 8
const growth = 1.5
const largestDelta = 2 ** 32 - 1

/** Counted from a base, ids are small numbers, unless some were passed over in between. */
type Deltas = Uint32Array | Float64Array

const deltasFor = (span: number, capacity: number): Deltas =>
  span > largestDelta ? new Float64Array(capacity) : new Uint32Array(capacity)

/**
 * The ids of a conversation's messages, ascending: 4 bytes each, counted from a base, in a typed array that the garbage
 * collector need not walk. Old ids are dropped from the front.
 */
export class IdList {
  private base = 0
  private start = 0
  private end = 0
  private deltas: Deltas = new Uint32Array(initialCapacity)
  /** The newest id that is not in the list any more. */
  private dropped: number

  /**
   * @param newest The newest id of the conversation, which is not in the list; 0 if there is none.
   * @param expired The newest id that has been deleted for its age, with all before.
   */
  constructor(
    public newest = 0,
    public expired = 0,
  ) {
    this.dropped = newest
  }

  /** Whether there is anything after `id`, in the list or not. */
  goesOnAfter(id: number): boolean {
    return this.newest > id && this.newest > this.expired
  }

  /** Appends an id that is greater than all before, and forgets those before `floor`. */
  push(id: number, floor: number): void {
    const isFull = this.end === this.deltas.length
    if (isFull || (id - this.base > largestDelta && this.deltas instanceof Uint32Array)) this.makeRoom(floor, id)
    if (this.end === this.start) this.base = id
    this.deltas[this.end++] = id - this.base
    this.newest = id
  }

  /**
   * Puts back ids that were in the list before, up to the newest.
   * @param previous The id before the first of them; 0 if there is none.
   */
  putBack(ids: readonly number[], previous: number): void {
    const [base = 0] = ids
    this.base = base
    this.deltas = deltasFor((ids.at(-1) ?? base) - base, ids.length)
    for (const [index, id] of ids.entries()) this.deltas[index] = id - base
    this.start = 0
    this.end = ids.length
    this.dropped = previous
  }

  /** The ids greater than `id`. */
  after(id: number): IdSource {
    let index = this.indexAfter(id)
    return { next: () => (index < this.end ? this.at(index++) : undefined) }
  }

  /** The ids in the list that are less than `id`, the greatest first. */
  *before(id: number): Generator<number> {
    for (let index = this.indexAfter(id - 1) - 1; index >= this.start; index--) yield this.at(index)
  }

  /** The newest ids that are in the list, the newest first, `count` at most. */
  *latest(count: number): Generator<number> {
    for (let index = this.end - 1; index >= Math.max(this.start, this.end - count); index--) yield this.at(index)
  }

  /** The newest id before `floor`, whether it is in the list or not; 0 if there is none. */
  newestBefore(floor: number): number {
    const index = this.indexAfter(floor - 1)
    return index === this.start ? this.dropped : this.at(index - 1)
  }

  /** Deletes the ids up to this one, wherever they are. */
  expire(upTo: number): void {
    this.dropped = this.newestBefore(upTo + 1)
    this.start = this.indexAfter(upTo)
    this.expired = upTo
  }

  private indexAfter(id: number): number {
    let low = this.start
    let high = this.end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.at(middle) > id) high = middle
      else low = middle + 1
    }
    return low
  }

  private at(index: number): number {
    return this.base + (this.deltas[index] as number)
  }

  /** Makes room for an id, and forgets those before `floor`. */
  private makeRoom(floor: number, id: number): void {
    this.dropped = this.newestBefore(floor)
    const kept = this.indexAfter(floor - 1)
    const count = this.end - kept
    const base = count === 0 ? id : this.at(kept)
    const shift = base - this.base
    const next = deltasFor(id - base, Math.max(initialCapacity, Math.ceil(count * growth)))
    for (let i = 0; i < count; i++) next[i] = (this.deltas[kept + i] as number) - shift
    this.deltas = next
    this.base = base
    this.start = 0
    this.end = count
  }
}
