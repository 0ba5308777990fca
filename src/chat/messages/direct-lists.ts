import type { User } from '../tables/users.js'
import { IdList } from './id-list.js'

/** Lists that are looked at before those are dropped of which nothing is in memory. */
const leastSwept = 1000

/**
 * The ids of the messages in memory that two users have sent to each other, by both. Whose list is not there has none in
 * memory.
 */
export class DirectLists {
  private readonly byKey = new Map<string, IdList>()
  private sweepAt = leastSwept

  find(one: User, other: User): IdList | undefined {
    return this.byKey.get(keyOf(one.number, other.number))
  }

  /** @param floor Ids before it are not in memory any more. */
  push(one: number, other: number, id: number, floor: number): void {
    const key = keyOf(one, other)
    let list = this.byKey.get(key)
    if (!list) {
      if (this.byKey.size >= this.sweepAt) this.sweep(floor)
      this.byKey.set(key, (list = new IdList()))
    }
    list.push(id, floor)
  }

  private sweep(floor: number): void {
    for (const [key, { newest }] of this.byKey) if (newest < floor) this.byKey.delete(key)
    this.sweepAt = Math.max(leastSwept, 2 * this.byKey.size)
  }
}

/** The same for both. */
const keyOf = (one: number, other: number): string => (one < other ? `${one} ${other}` : `${other} ${one}`)
