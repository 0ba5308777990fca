import { DataError } from '../base/data-error.js'
import { scalar, transaction, type Database } from './database.js'

/** What a file holds, and how it came to hold it. */
export interface Format {
  /** In the header of the file: which of the files it is. */
  readonly applicationId: number
  /**
   * The steps from an empty file to the present format: step n makes version n + 1 out of version n. A step is never
   * changed once it has been released; the next change is another step.
   */
  readonly steps: readonly ((database: Database, file: string) => void)[]
  /** The oldest version that can be read as the present one is; the present one alone unless said otherwise. */
  readonly readableFrom?: number
}

/** The version that a file has now; 0 if it is empty. */
const versionOf = (database: Database): number => Number(scalar(database, 'PRAGMA user_version'))

/**
 * Brings the file to the present format, step by step, each whole or not at all.
 * @throws {DataError} if it is another file, or from a newer server
 */
export function bringUp(database: Database, file: string, { applicationId, steps }: Format): void {
  const version = versionOf(database)
  if (version > 0 && scalar(database, 'PRAGMA application_id') !== applicationId)
    throw new DataError(
      `${file} is not what a ChatRoom has written. Set CHATROOM_DATA to another folder, or bring back a backup with "npx chatroom restore FILE".`,
    )
  if (version > steps.length)
    throw new DataError(
      `${file} has format ${version}, but this server knows formats up to ${steps.length}: a newer one has written it. Start that one, or bring back a backup of this one's time with "npx chatroom restore FILE".`,
    )
  if (version === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL')
  database.exec('PRAGMA journal_mode = WAL')
  for (const [index, step] of steps.entries()) {
    if (index < version) continue
    transaction(database, () => {
      step(database, file)
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${index + 1}`)
    })
  }
}
