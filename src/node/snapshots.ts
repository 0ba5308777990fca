import { rmSync } from 'node:fs'
import type { Logger } from 'pino'
import { ArchiveReader } from '../archive/archive-reader.js'
import type { SqliteArchive } from '../archive/sqlite-archive.js'
import type { JetStreamLog } from '../log/jetstream/jetstream-log.js'
import { archiveFormat } from '../archive/archive-format.js'
import type { KeptSnapshot, SnapshotAbout, SnapshotStore } from '../nats/snapshot-store.js'

/** What is said of a snapshot. */
export interface DatedAbout extends SnapshotAbout {
  /** In ms since the epoch. */
  readonly madeAt: number
}

interface Options {
  readonly archive: SqliteArchive
  readonly log: JetStreamLog
  readonly store: SnapshotStore<DatedAbout>
  /** Where one is made, before it is put into the store. */
  readonly file: string
  readonly logger: Logger
}

/** The pause between two looks whether one is due, in ms. */
const lookPauseMs = 10_000
/** One is due after so many entries, … */
const dueEntries = 100_000
/** … or after so long, in ms, if there was any; … */
const dueMs = 3_600_000
/** … or so long after the one before, in ms, if a text has been deleted that the log still has. */
const forgetMs = 900_000

/**
 * Puts snapshots of the archive into the store, for nodes that are new or were away for long, and prunes the log: what comes
 * before the older of the two newest is needed by nobody. It is the duty of one node.
 */
export class Snapshots {
  private timer: NodeJS.Timeout | undefined
  private making: Promise<void> | undefined
  private since = 0

  constructor(private readonly options: Options) {}

  start(): void {
    this.since = performance.now()
    this.timer = setInterval(() => {
      void this.look()
    }, lookPauseMs).unref()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** Makes one if it is due. What fails now is tried at the next look. */
  async look(): Promise<void> {
    const { store, logger } = this.options
    try {
      const kept = await store.list()
      if (this.isDue(kept)) await this.make()
    } catch (error) {
      logger.warn({ err: error }, 'a snapshot could not be made; it is tried again')
    }
  }

  /** Makes one now. */
  make(): Promise<void> {
    return (this.making ??= this.run().finally(() => (this.making = undefined)))
  }

  /** For how long this node has had the duty. */
  private get heldMs(): number {
    return performance.now() - this.since
  }

  private isDue(kept: readonly KeptSnapshot<DatedAbout>[]): boolean {
    const { archive, log } = this.options
    const { position } = archive
    const [newest, older] = kept.map(({ about }) => about)
    if (!newest) return position >= dueEntries || log.forgotten > 0 || (position > 0 && this.heldMs >= dueMs)
    const age = Date.now() - newest.madeAt
    if (position - newest.position >= dueEntries) return true
    if (position > newest.position && age >= dueMs) return true
    return log.forgotten > (older ?? newest).position && age >= forgetMs
  }

  private async run(): Promise<void> {
    const { archive, log, store, file, logger } = this.options
    try {
      rmSync(file, { force: true })
      await archive.copyInto(file)
      const { position, cursor } = placeOf(file)
      await store.put(file, aboutOf(log.epoch, position, cursor))
      logger.info(`a snapshot has been made of all up to entry ${position.toLocaleString('en')}`)
      const [, older] = await store.list()
      if (older) await log.prune(older.about.cursor)
    } finally {
      rmSync(file, { force: true })
    }
  }
}

/** What is said of a snapshot that is made now. */
export const aboutOf = (epoch: string, position: number, cursor = ''): DatedAbout => ({
  position,
  cursor,
  epoch,
  format: archiveFormat.steps.length,
  madeAt: Date.now(),
})

/** What an archive's file has come to. @throws {DataError} */
export function placeOf(file: string): { readonly position: number; readonly cursor?: string } {
  const reader = new ArchiveReader({ file })
  try {
    const cursor = reader.cursor()
    return { position: reader.server()?.position ?? 0, ...(cursor !== undefined && { cursor }) }
  } finally {
    reader.close()
  }
}
