import type { Format } from '../storage/format.js'

/**
 * A backup: the tables of the archive and of the log in one file, row by row as they are in the folder, so that every row
 * brings its checksum; other than the live events, whose cursors are of that folder alone. The log's `about` is `log_about`
 * here.
 */
export const backupFormat: Format = {
  applicationId: 0x43_68_42_61,
  steps: [
    (database) => {
      // The formats of the files that it was made from, and how many rows each table has.
      database.exec('CREATE TABLE backup (name TEXT PRIMARY KEY, value) WITHOUT ROWID')
    },
  ],
}

/** What a table of the log is called in a backup. */
export const logTable = (name: string): string => (name === 'log' ? name : `log_${name}`)
