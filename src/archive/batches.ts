import { setTimeout as sleep } from 'node:timers/promises'
import { ChatError } from '../chat/chat-error.js'
import type { ChatState } from '../chat/chat-state.js'
import type { Applied } from '../chat/events.js'
import type { Thread } from '../storage/thread.js'
import type { ArchiveFile, Batch } from './archive-file.js'
import { Changes } from './changes.js'

/** A batch waits for so many changes, or for so many ms: the more of them go together, the less each costs. */
const batch = { changes: 1000, pause: 100 }
/** So much may wait; then those that change something must. */
const mostWaiting = { changes: 20_000, bytes: 2 ** 26 }
const nothing: Pick<Changes, 'size' | 'bytes'> = { size: 0, bytes: 0 }
/** The pause between two tries while it cannot be written, in ms. */
const retryPause = 1000

export interface Told {
  /** Told when all up to an entry is on disk. */
  readonly onWritten: (position: number, changes: Changes) => void
  /** Told when it cannot be written, and when it can again. */
  readonly onAvailable: (available: boolean, error?: Error) => void
}

/** Gathers what happens and writes it to the archive, batch after batch. */
export class Batches {
  available = true
  private changes: Changes | undefined
  private beingWritten: Changes | undefined
  private writing: Promise<void> | undefined
  private timer: NodeJS.Timeout | undefined
  private roomWanted: (() => void)[] = []
  private closing = false

  constructor(
    private readonly state: ChatState,
    private readonly writer: Thread<ArchiveFile>,
    private readonly told: Told,
  ) {}

  take(applied: Applied): void {
    const changes = this.openChanges()
    const isBegun = changes.size >= batch.changes
    changes.take(applied)
    // Not at once: others may be applied in the same turn.
    if (!isBegun && changes.size >= batch.changes)
      setImmediate(() => {
        this.begin()
      })
  }

  /** What messages say that have been changed and are not written yet, by id. */
  get changedRecords(): ReadonlyMap<number, string> {
    return new Map([...(this.beingWritten?.changedRecords ?? []), ...(this.changes?.changedRecords ?? [])])
  }

  get full(): boolean {
    const { changes = nothing, beingWritten = nothing } = this
    return (
      changes.size + beingWritten.size >= mostWaiting.changes || changes.bytes + beingWritten.bytes >= mostWaiting.bytes
    )
  }

  /** Waits until it is not full. @throws {ChatError} log_unavailable if nothing can be written */
  async room(): Promise<void> {
    while (this.full) {
      if (!this.available) throw new ChatError('log_unavailable')
      await new Promise<void>((resolve) => this.roomWanted.push(resolve))
    }
  }

  /** Writes what there is now, and not only when more has come together. It ends when that is written, or was tried. */
  flush(): Promise<void> {
    this.begin()
    return new Promise((resolve) => this.roomWanted.push(resolve))
  }

  /** Writes what there is, or gives it up where that fails: the log has it all, and the next start reads it there. */
  async close(): Promise<void> {
    this.closing = true
    this.begin()
    while (this.writing) await this.writing
    clearTimeout(this.timer)
  }

  private openChanges(): Changes {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.begin()
    }, batch.pause)
    return (this.changes ??= new Changes(this.state))
  }

  private begin(): void {
    if (!this.changes || this.writing) return
    clearTimeout(this.timer)
    this.timer = undefined
    this.beingWritten = this.changes
    this.changes = undefined
    this.writing = this.write(this.beingWritten)
  }

  /** Writes the changes, again and again until it is done: nothing else may be written before. */
  private async write(changes: Changes): Promise<void> {
    const data = changes.batch()
    const { position } = this.state
    const written = await this.tryUntilWritten(data)
    this.beingWritten = undefined
    this.writing = undefined
    if (!written) return
    this.told.onWritten(position, changes)
    this.letIn()
    // The timer may have been over while this was written.
    if (this.closing || !this.timer || (this.changes?.size ?? 0) >= batch.changes) this.begin()
  }

  /** @returns whether it was written, and not given up */
  private async tryUntilWritten(data: Batch): Promise<boolean> {
    for (;;) {
      try {
        await this.writer.call('write', data)
        this.setAvailable(true)
        return true
      } catch (error) {
        this.setAvailable(false, error as Error)
        this.letIn()
        if (this.closing) return false
        await sleep(retryPause)
      }
    }
  }

  private setAvailable(available: boolean, error?: Error): void {
    if (available === this.available) return
    this.available = available
    this.told.onAvailable(available, error)
  }

  private letIn(): void {
    for (const resolve of this.roomWanted.splice(0)) resolve()
  }
}
