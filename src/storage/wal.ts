import { patience, type Database } from './database.js'

/** The pause between two tries, in ms. */
const pause = 1000

/**
 * Sees to it that what has been deleted does not stay in the file that ends in "-wal". It waits for nobody who reads there,
 * as a backup does for as long as it takes: nothing could be written meanwhile. It tries again instead.
 */
export class Wal {
  private hasDeleted = false
  private next = 0

  constructor(private readonly database: Database) {}

  /** Something has been deleted. */
  note(): void {
    this.hasDeleted = true
  }

  /** Empties the file, if there is anything deleted in it, and nobody reads there. To be called now and then. */
  empty(): void {
    if (!this.hasDeleted || performance.now() < this.next) return
    this.database.exec('PRAGMA busy_timeout = 0')
    try {
      const { busy } = this.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number | bigint }
      this.hasDeleted = Number(busy) !== 0
    } finally {
      this.database.exec(`PRAGMA busy_timeout = ${patience}`)
      this.next = this.hasDeleted ? performance.now() + pause : 0
    }
  }
}
