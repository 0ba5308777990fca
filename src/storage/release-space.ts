import { scalar, type Database } from './database.js'

/** Pages that stay free for the next rows. */
const sparePages = 2048
/** Pages that are given back at once: it takes time to move those behind them. */
const releasedPages = 1000

/** Gives space that deletions have left back to the file system, some of it at a time. */
export function releaseSpace(database: Database): void {
  const free = Number(scalar(database, 'PRAGMA freelist_count')) - sparePages
  if (free > 0) database.exec(`PRAGMA incremental_vacuum(${Math.min(free, releasedPages)})`)
}
