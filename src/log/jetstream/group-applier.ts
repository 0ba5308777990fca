import { DataError } from '../../base/data-error.js'
import { inTurns } from '../../base/turns.js'
import { decodeGroup, type Draft } from '../group-bytes.js'
import type { Apply, Writer } from '../log.js'
import type { Waiting } from '../waiting.js'
import type { Origins } from './origins.js'
import type { StreamMessage } from './pull.js'
import type { Start } from './start.js'
import { StreamEntry, type GroupPlace } from './stream-entry.js'

/** The entries of a group. */
interface Group {
  readonly drafts: readonly Draft[]
  readonly writer: Writer
}

/** A group that this node has sent: its entries need not be read, and somebody waits for each. */
export interface SentGroup extends Group {
  readonly drafts: readonly Waiting[]
}

/** Counts entries and applies them, group after group, and leaves out groups that were stored twice. */
export class GroupApplier {
  /** Of the latest entry. */
  position: number
  /** Of the latest group. */
  sequence: number
  private origins: Origins
  private counted: number | undefined
  private readonly applied: number

  constructor(
    start: Start,
    private readonly apply: Apply,
  ) {
    this.position = start.position
    this.sequence = start.sequence - 1
    this.origins = start.origins
    this.counted = start.counted
    this.applied = start.applied
  }

  /**
   * Takes the next group of the stream.
   * @throws {DataError} if it is none, or not the one that a cursor lies in
   */
  async take({ sequence, groupId, data }: StreamMessage, sent: SentGroup | undefined): Promise<void> {
    const { counted, origins: before } = this
    const origins = counted === undefined ? before.with(groupId) : before
    if (counted !== undefined && before.latest !== groupId)
      throw new DataError(`Message ${sequence} of the stream is another than was read: the log has lost its end.`)
    this.counted = undefined
    if (origins) {
      this.origins = origins
      const { drafts, writer } = sent ?? decoded(sequence, data)
      await this.applyEach(drafts, counted ?? 0, { sequence, count: drafts.length, writer, origins }, sent)
    }
    this.sequence = sequence
  }

  private async applyEach(
    drafts: readonly Draft[],
    skipped: number,
    group: GroupPlace,
    sent: SentGroup | undefined,
  ): Promise<void> {
    let index = skipped
    await inTurns(drafts.slice(skipped), (draft) => {
      const entry = new StreamEntry(++this.position, draft, group, index)
      const said = this.position > this.applied ? this.apply(entry) : undefined
      sent?.drafts[index]?.resolve(said)
      index++
    })
  }
}

function decoded(sequence: number, data: Uint8Array): Group {
  try {
    const drafts = decodeGroup(1, data)
    const [first] = drafts
    if (first) return { drafts, writer: first.writer }
  } catch {
    // As below.
  }
  throw new DataError(`Message ${sequence} of the stream is no group of entries: somebody else writes to it.`)
}
