/**
 * Who is remembered at most. A node that starts is a new origin. A group that is stored once more arrives at most as late as a
 * server can be stopped and go on, and so many nodes do not start meanwhile.
 */
const mostOrigins = 64

/** An origin and the count of its latest group. */
interface Seen {
  readonly origin: string
  readonly count: number
}

/**
 * Knows which groups have been read. A group has an id `ORIGIN.COUNT`, and an origin sends a group only once it has read the
 * one before: so a group whose count is not above the latest is one that was stored twice. Origins beyond the bound are
 * forgotten in the order of the stream, so that all who read it decide alike.
 */
export class Origins {
  /** @param seen The latest last. */
  private constructor(private readonly seen: readonly Seen[]) {}

  static readonly none = new Origins([])

  static from(text: string): Origins {
    return text.split(',').reduce((origins, id) => origins.with(id) ?? origins, Origins.none)
  }

  get isEmpty(): boolean {
    return this.seen.length === 0
  }

  get text(): string {
    return this.seen.map(({ origin, count }) => `${origin}.${count}`).join(',')
  }

  /** The id of the group that was read last; undefined if that is not known. */
  get latest(): string | undefined {
    const latest = this.seen.at(-1)
    return latest && `${latest.origin}.${latest.count}`
  }

  /** With a group that has been read; undefined if it was read before. */
  with(groupId: string): Origins | undefined {
    const [origin = '', count] = groupId.split('.')
    if (count === undefined) return this
    const next = { origin, count: Number(count) }
    const known = this.seen.findLastIndex((seen) => seen.origin === origin)
    const latest = this.seen[known]
    if (!latest) return new Origins([...this.seen.slice(1 - mostOrigins), next])
    if (next.count <= latest.count) return undefined
    return new Origins([...this.seen.slice(0, known), ...this.seen.slice(known + 1), next])
  }
}
