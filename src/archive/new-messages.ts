import type { Created } from '../chat/events.js'
import type { MessageStore } from '../chat/state/message-store.js'
import type { MessageRun } from './archive-file.js'

/** Nobody: what belongs to a sender alone is left out. */
const noViewer = -1

/** Messages that the archive does not have yet. They are kept as numbers: many objects would be a burden until then. */
export class NewMessages {
  private readonly ids: number[] = []
  private readonly targets: number[] = []
  private readonly senders: number[] = []
  private readonly times: number[] = []
  private readonly previous: number[] = []
  private readonly clientIds = new Map<number, string>()

  /** The newest one; undefined if there is none. */
  get newest(): number | undefined {
    return this.ids.at(-1)
  }

  /** Adds a message that came after those before. @param previous The message of its target before it. */
  add({ id, senderNumber, sentAt, clientId }: Created, target: number, previous: number): void {
    this.ids.push(id)
    this.targets.push(target)
    this.previous.push(previous)
    this.senders.push(senderNumber)
    this.times.push(sentAt)
    if (clientId !== undefined) this.clientIds.set(id, clientId)
  }

  /** All of them, with their records from the store, which has them still. */
  run(store: MessageStore): MessageRun | undefined {
    const { ids, targets, senders, times, previous, clientIds } = this
    if (ids.length === 0) return undefined
    const records = new Uint8Array(store.sizeOf(ids))
    const size = store.copy(ids, noViewer, Buffer.from(records.buffer), 0)
    let end = 0
    return {
      ids: Float64Array.from(ids),
      records: records.subarray(0, size),
      ends: Float64Array.from(ids, (id) => (end += store.lengthOf(id))),
      targets: Float64Array.from(targets),
      senders: Float64Array.from(senders),
      times: Float64Array.from(times),
      previous: Float64Array.from(previous),
      clientIds,
    }
  }
}
