import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { setImmediate as nextTurn, setTimeout as pauseFor } from 'node:timers/promises'
import { CatchUpRounds } from '../../src/log/catch-up-rounds.js'
import { decodeGroup, encodeGroup } from '../../src/log/group-bytes.js'
import { LogUnavailable, OutcomeUnknown, type Apply, type Entry } from '../../src/log/log.js'
import type { Log, Opening, Payload, Writer } from '../../src/log/log.js'
import { WaitingEntries, type Waiting } from '../../src/log/waiting.js'
import { DataError } from '../../src/base/data-error.js'

/** What becomes of a group that is sent to a stream. */
export type Fate = 'at once' | 'late' | 'twice' | 'lost'

/** What several logs have in common, as a service elsewhere keeps it: groups in one order, some of them more than once. */
export class Stream {
  readonly epoch = randomUUID()
  readonly groups: Uint8Array[] = []
  readonly changes = new EventEmitter()

  /** @param fate Says what becomes of the next group. */
  constructor(public fate: () => Fate) {
    this.changes.setMaxListeners(0)
  }

  async send(group: Uint8Array): Promise<void> {
    const fate = this.fate()
    if (fate === 'lost') return
    if (fate === 'late') await pauseFor(15)
    this.groups.push(...(fate === 'twice' ? [group, group] : [group]))
    this.changes.emit('group')
  }
}

/** After how long a group is sent again, in ms. Where it was only late, it is there twice then. */
const sendAgainMs = 10

/**
 * A log on a stream that answers late, twice, or not at all. It learns what has become of a group by reading it, sends it
 * again until then, and knows by their ids the entries that it has read before.
 */
export class LateLog implements Log {
  readonly name = 'the stream'
  readonly epoch: string
  readonly isShared = true
  readonly behind = 0
  available = false
  /** It reads no further until this is settled: the node is behind. */
  held: Promise<void> = Promise.resolve()
  private position = 0
  private groupsRead = 0
  private readonly rounds = new CatchUpRounds({
    askEnd: async () => this.stream.groups.length,
    applied: () => this.groupsRead,
    longestMs: 5000,
  })
  private opened: Writer | undefined
  private closing = false
  private committing: Promise<void> | undefined
  private reading: Promise<void> | undefined
  private readonly waiting = new WaitingEntries(Date.now)
  /** Those of this log that have not been read yet. */
  private readonly own = new Map<string, Waiting>()
  private readonly seen = new Set<string>()

  /** @param answerWithinMs After how long nobody waits for the stream any more. */
  constructor(
    private readonly stream: Stream,
    private readonly answerWithinMs = 10_000,
  ) {
    this.epoch = stream.epoch
  }

  async open(apply: Apply, { writer, after: place, pause = async () => undefined }: Opening): Promise<void> {
    const after = place?.position === 0 ? undefined : place
    const groups = this.stream.groups.map((_group, index) => this.newIn(index))
    const known = groups.flat()
    const start = after ? known.findIndex(({ cursor }) => cursor === after.cursor) : -1
    if (after && start === -1) throw new DataError(`${this.name} has lost its end`)
    this.position = after?.position ?? 0
    const newest = this.position + known.length - start - 1
    const missed = new Set(known.slice(start + 1))
    for (const group of groups) {
      for (const entry of group) if (missed.has(entry)) apply({ ...entry, position: ++this.position })
      await pause(this.position, newest)
    }
    this.opened = writer
    this.available = true
    this.groupsRead = groups.length
    this.reading = this.read(groups.length, apply, pause)
    this.reading.catch(() => {
      // Who closes is told why; nothing is applied any more.
      for (const { reject } of this.own.values()) reject(new OutcomeUnknown())
      this.own.clear()
    })
  }

  append(payload: Payload): Promise<unknown> {
    const { opened } = this
    if (!opened || this.closing) return Promise.reject(new LogUnavailable())
    const settled = this.waiting.add(payload)
    this.committing ??= nextTurn().then(() => this.commit(opened))
    return settled
  }

  /** What is in the stream, and has been read. */
  catchUp(): Promise<void> {
    return this.rounds.join()
  }

  release(): void {
    // The stream keeps all.
  }

  forget(): void {
    // And for ever.
  }

  async drain(): Promise<void> {
    this.closing = true
    this.available = false
    await this.committing
  }

  async close(): Promise<void> {
    await this.drain()
    this.stream.changes.emit('group')
    await this.reading
  }

  /** Group after group, so that entries stay in their order. */
  private async commit(writer: Writer): Promise<void> {
    while (this.waiting.count > 0) {
      const group = this.waiting.takeAll()
      for (const entry of group) this.own.set(entry.id, entry)
      const giveUp = setInterval(() => {
        for (const { reject } of group) reject(new OutcomeUnknown())
        for (const { reject } of this.waiting.takeAll()) reject(new LogUnavailable())
      }, this.answerWithinMs)
      const bytes = encodeGroup(writer, group)
      while (group.some(({ id }) => this.own.has(id))) {
        void this.stream.send(bytes)
        await Promise.race([once(this.stream.changes, 'read'), pauseFor(sendAgainMs)])
      }
      clearInterval(giveUp)
    }
    this.committing = undefined
  }

  private async read(from: number, apply: Apply, pause: NonNullable<Opening['pause']>): Promise<void> {
    for (let next = from; ; next++) {
      while (next === this.stream.groups.length) {
        if (this.closing && !this.committing) return
        await once(this.stream.changes, 'group')
      }
      await this.held
      for (const entry of this.newIn(next)) this.settle(entry, apply)
      this.groupsRead = next + 1
      this.rounds.look()
      this.stream.changes.emit('read')
      await pause(this.position, this.position)
    }
  }

  /** The entries of a group that have not been in one before. */
  private newIn(index: number): Entry[] {
    const all = decodeGroup(0, this.stream.groups[index] as Uint8Array)
    const fresh = all.filter(({ id }) => !this.seen.has(id))
    for (const { id } of fresh) this.seen.add(id)
    return fresh.map((entry) => ({ ...entry, cursor: `${index}:${entry.id}` }))
  }

  private settle(entry: Entry, apply: Apply): void {
    const own = this.own.get(entry.id)
    const said = apply({ ...entry, position: ++this.position, payload: own?.payload ?? entry.payload })
    own?.resolve(said)
    this.own.delete(entry.id)
  }
}
