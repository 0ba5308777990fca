import type { MessageChange } from '../chat/events.js'
import type { MessageStore } from '../chat/messages/message-store.js'
import type { MessageRun } from './message-writer.js'

/** Nobody: what belongs to a sender alone is left out. */
const noViewer = -1

/** Messages that the archive does not have yet. They are kept as numbers: many objects would be a burden until then. */
export class NewMessages {
  private readonly ids: number[] = []
  private readonly targets: number[] = []
  private readonly senders: number[] = []
  private readonly times: number[] = []
  private readonly previous: number[] = []
  private readonly positions: number[] = []
  private readonly indexes: number[] = []
  private readonly clientIds = new Map<number, string>()

  /** The newest one; undefined if there is none. */
  get newest(): number | undefined {
    return this.ids.at(-1)
  }

  /** The oldest one. */
  get oldest(): number | undefined {
    return this.ids[0]
  }

  /** Adds a message that came after those before. @param position That of its entry. */
  add({ id, facts: { target, sender, sentAt, clientId }, previous, index }: MessageChange, position: number): void {
    this.ids.push(id)
    this.targets.push(target)
    this.previous.push(previous)
    this.senders.push(sender)
    this.times.push(sentAt)
    this.positions.push(position)
    this.indexes.push(index)
    if (clientId !== undefined) this.clientIds.set(id, clientId)
  }

  /** All of them, with their records as they are in the store, which has them still. */
  run(store: MessageStore): MessageRun | undefined {
    const { ids, clientIds } = this
    if (ids.length === 0) return undefined
    const records = new Uint8Array(store.sizeOf(ids))
    const size = store.copy(ids, noViewer, Buffer.from(records.buffer), 0)
    let end = 0
    return {
      ids: Float64Array.from(ids),
      records: records.subarray(0, size),
      ends: Float64Array.from(ids, (id) => (end += store.lengthOf(id))),
      targets: Float64Array.from(this.targets),
      senders: Float64Array.from(this.senders),
      times: Float64Array.from(this.times),
      previous: Float64Array.from(this.previous),
      positions: Float64Array.from(this.positions),
      indexes: Float64Array.from(this.indexes),
      clientIds,
    }
  }
}
