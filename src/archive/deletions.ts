import { setTimeout as sleep } from 'node:timers/promises'
import type { ExpiredMessages } from '../chat/events.js'
import type { Thread } from '../storage/thread.js'
import type { ArchiveFile } from './archive-file.js'
import type { ArchiveReader } from './archive-reader.js'

/** The pause after a deletion that has failed, in ms. */
const retryPause = 1000

/**
 * Deletes what nobody reads any more, some at a time: batches are written between. It begins when it is on disk that nobody
 * does, so what a stop interrupts is known to the next start.
 */
export class Deletions {
  private readonly expired: ExpiredMessages[] = []
  private working = false
  private closed = false

  constructor(
    private readonly writer: Thread<ArchiveFile>,
    private readonly reader: Thread<ArchiveReader>,
  ) {}

  add(expired: readonly ExpiredMessages[]): void {
    this.expired.push(...expired)
    if (!this.working && this.expired.length > 0) void this.work()
  }

  close(): void {
    this.closed = true
  }

  private async work(): Promise<void> {
    this.working = true
    while (this.expired[0] && !this.closed) {
      try {
        // Pages that were begun before have been read then: they must not miss anything. Those that wait for their turn will
        // not ask for what is deleted.
        await this.reader.call('ready')
        await this.delete(this.expired[0])
        this.expired.shift()
      } catch {
        // The disk may be full. It is tried again.
        await sleep(retryPause, undefined, { ref: false })
      }
    }
    this.working = false
  }

  private async delete({ upTo, targets }: ExpiredMessages): Promise<void> {
    let more = true
    while (more && !this.closed) more = await this.writer.call('expire', upTo, targets)
  }
}
