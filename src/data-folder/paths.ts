import { join } from 'node:path'

/** The files of a data folder. */
export interface Paths {
  readonly folder: string
  /** Held by the one process that uses the folder. */
  readonly lock: string
  readonly log: string
  /** The last position that the log has committed. */
  readonly mark: string
  readonly archive: string
}

export const pathsIn = (folder: string): Paths => ({
  folder,
  lock: join(folder, 'lock'),
  log: join(folder, 'log.db'),
  mark: join(folder, 'committed'),
  archive: join(folder, 'archive.db'),
})
