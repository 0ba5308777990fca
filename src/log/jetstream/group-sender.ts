import { setImmediate as nextTurn } from 'node:timers/promises'
import { entryIds } from '../entry-ids.js'
import { encodeGroup } from '../group-bytes.js'
import { LogUnavailable, type Payload, type Writer } from '../log.js'
import { WaitingEntries } from '../waiting.js'
import { OwnGroup } from './own-group.js'

export interface GroupSenderOptions {
  readonly now: () => number
  readonly answerWithinMs: number
  /** Puts a group into the stream. It may fail though the group is there, or will be. */
  readonly publish: (groupId: string, bytes: Uint8Array) => Promise<void>
  /** How large a group may be at present. */
  readonly mostBytes: () => number
  /** Told when groups begin to be late, and when none is any more. */
  readonly onLate: (isLate: boolean, error?: Error) => void
}

/** Entries of a group at most. */
const mostEntries = 1024
/** A group is no larger than this, in bytes, however much the servers take: many of them are in memory at a time. */
const mostGroupBytes = 2 ** 20
/** Entries that wait for their group at most. */
const mostWaiting = 50_000
/** The pause before a group is sent again, after an error and after an acknowledgement, in ms. */
const againMs = { failed: 250, acknowledged: 5000 }

/**
 * Sends groups, one after the other: a group is sent once the one before it has come back from the stream, and until it has
 * come back itself. So whatever arrives late or twice, the first copies are in order.
 */
export class GroupSender {
  private readonly waiting: WaitingEntries
  private readonly nextId = entryIds()
  /** Sent and not applied yet. */
  private readonly own = new Map<string, OwnGroup>()
  private readonly late = new Set<OwnGroup>()
  private sending: Promise<void> | undefined
  private failure: Error | undefined
  private draining = false
  private ended = false

  constructor(private readonly options: GroupSenderOptions) {
    this.waiting = new WaitingEntries(options.now)
  }

  append(payload: Payload, writer: Writer): Promise<unknown> {
    const { length } = payload.bytes
    if (this.ended || this.late.size > 0 || this.waiting.count >= mostWaiting)
      return Promise.reject(new LogUnavailable())
    if (length > this.options.mostBytes())
      return Promise.reject(
        new LogUnavailable(`The NATS servers take no message of ${length} bytes: raise their max_payload.`),
      )
    const settled = this.waiting.add(payload)
    // Who else asks in this turn is in the same group.
    this.sending ??= nextTurn().then(() => this.send(writer))
    return settled
  }

  /** Says that a group has come back. It may be applied much later. */
  arrived(groupId: string): void {
    this.own.get(groupId)?.arrive()
  }

  /** A group that has come and that this node has sent. */
  find(groupId: string): OwnGroup | undefined {
    return this.own.get(groupId)
  }

  /** Says that a group has been applied. */
  settled(group: OwnGroup): void {
    this.own.delete(group.id)
    group.settle()
    if (this.late.delete(group) && this.late.size === 0) this.options.onLate(false)
  }

  /** Waits for what is under way, but not for what nobody waits for any more. */
  async drain(): Promise<void> {
    this.draining = true
    for (const group of this.late) this.leave(group)
    await this.sending
    await Promise.all([...this.own.values()].map(({ settled }) => settled))
  }

  /** Nothing more can be sent or known. */
  end(): void {
    this.ended = true
    for (const { reject } of this.waiting.takeAll()) reject(new LogUnavailable())
    for (const group of this.own.values()) group.abandon()
    this.own.clear()
  }

  private async send(writer: Writer): Promise<void> {
    for (;;) {
      const bytes = Math.min(this.options.mostBytes(), mostGroupBytes)
      const drafts = this.waiting.takeGroup({ entries: mostEntries, bytes })
      if (drafts.length === 0) break
      const group = new OwnGroup(this.nextId(), writer, drafts, this.options.answerWithinMs, (late) =>
        this.giveUp(late),
      )
      this.own.set(group.id, group)
      await this.sendUntilItCame(group, encodeGroup(writer, drafts))
    }
    this.sending = undefined
  }

  private async sendUntilItCame(group: OwnGroup, bytes: Uint8Array): Promise<void> {
    while (!group.isOver) {
      const sent = this.options.publish(group.id, bytes).then(
        () => againMs.acknowledged,
        (error: unknown) => {
          this.failure = error as Error
          return againMs.failed
        },
      )
      const pauseMs = await Promise.race([group.came, sent])
      if (pauseMs !== undefined) await atMost(pauseMs, group.came)
    }
  }

  private giveUp(group: OwnGroup): void {
    for (const { reject } of this.waiting.takeAll()) reject(new LogUnavailable())
    const wasLate = this.late.size > 0
    this.late.add(group)
    const { failure, options } = this
    if (!wasLate)
      options.onLate(
        true,
        new Error(`the stream has not answered for ${options.answerWithinMs} ms`, { cause: failure }),
      )
    if (this.draining) this.leave(group)
  }

  private leave(group: OwnGroup): void {
    this.own.delete(group.id)
    group.abandon()
  }
}

/** Waits for something, but no longer than so many ms. */
async function atMost(ms: number, awaited: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([awaited, late])
  clearTimeout(timer)
}
