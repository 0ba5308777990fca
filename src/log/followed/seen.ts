import { BoundedMap } from '../../base/bounded-map.js'

/** Origins that are remembered, at least. */
const mostOrigins = 1000

/** Knows what an origin has given before: an id ends in a count, and each origin gives its entries in order. */
export class Seen {
  private readonly counts = new BoundedMap<number>()

  /** @returns whether it is new */
  add(id: string): boolean {
    const end = id.lastIndexOf('.')
    const [origin, count] = [id.slice(0, end), Number(id.slice(end + 1))]
    if (count <= (this.counts.get(origin) ?? -1)) return false
    this.counts.set(origin, count, mostOrigins)
    return true
  }
}
