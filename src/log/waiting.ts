import { inTurns } from '../base/turns.js'
import { entryIds } from './entry-ids.js'
import { sizeOf, type Draft } from './group-bytes.js'
import { PlacedEntry } from './placed-entry.js'
import { OutcomeUnknown, type Apply, type Payload, type Writer } from './log.js'

/** An entry on its way into the log, and who waits for what it comes to. */
export interface Waiting extends Draft {
  readonly resolve: (said: unknown) => void
  readonly reject: (error: Error) => void
}

/** What a group has at most. */
export interface GroupBounds {
  readonly entries: number
  readonly bytes: number
}

/** What has been appended and is in no group yet. */
export class WaitingEntries {
  private waiting: Waiting[] = []
  private readonly nextId = entryIds()

  /** @param now Gives the time, in ms since the epoch. */
  constructor(private readonly now: () => number) {}

  get count(): number {
    return this.waiting.length
  }

  add(payload: Payload): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ at: this.now(), id: payload.id ?? this.nextId(), payload, resolve, reject })
    })
  }

  /** Takes those that came first; at least one, if there is any. */
  takeGroup(bounds: GroupBounds): Waiting[] {
    let [count, bytes] = [0, 0]
    for (const draft of this.waiting) {
      bytes += sizeOf(draft)
      if (count > 0 && (count === bounds.entries || bytes > bounds.bytes)) break
      count++
    }
    return this.waiting.splice(0, count)
  }

  takeAll(): Waiting[] {
    return this.waiting.splice(0)
  }
}

/**
 * Applies entries that have been committed, some in a turn, and tells those who wait.
 * @param first The position of the first.
 */
export async function settle(group: readonly Waiting[], first: number, writer: Writer, apply: Apply): Promise<void> {
  let position = first
  try {
    await inTurns(group, ({ at, id, payload, resolve }) => {
      resolve(apply(new PlacedEntry(position, at, id, writer, payload)))
      position++
    })
  } catch (error) {
    // The state may be half of what it should be: nobody may go on with it. The next start applies them.
    for (const { reject } of group) reject(new OutcomeUnknown())
    throw error
  }
}
