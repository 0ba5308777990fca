import { damaged, DataError } from '../base/data-error.js'

/**
 * Result codes of SQLite (sqlite.org/rescode.html) that say that a file is not what it was. Errors in SQL, of constraints and
 * of types are among them: the statements are always the same, so it is their tables that have changed.
 */
const corrupt = new Set([11, 26, 1, 19, 20])
const ioError = 10
const full = 13
const cannotOpen = 14
const readOnly = 8
/** What the engine of the package says without a code when it has read some rows and cannot read the next. */
const results: ReadonlyMap<string, number> = new Map([
  ['database disk image is malformed', 11],
  ['file is not a database', 26],
  ['disk I/O error', ioError],
])

interface SqliteError {
  readonly errcode?: number
  readonly code?: string
  readonly message: string
}

/** What an error of SQLite means for the one who has the file; other errors as they are. */
export function translated(file: string, error: unknown): unknown {
  const { code, message } = error as SqliteError
  // No number that is written is so large.
  if (code === 'ERR_OUT_OF_RANGE') return damaged(file, message)
  const result = resultOf(error as SqliteError)
  if (corrupt.has(result)) return damaged(file, message)
  if (result === cannotOpen || result === readOnly)
    return new DataError(`${file} cannot be opened for writing: ${message}. Let this user write there.`)
  if (result === full) return new DataError(`${file} cannot be written: ${message}. Make room on that disk.`)
  if (result === ioError)
    return new DataError(`${file} cannot be read or written: ${message}. Look at that disk, and at the system's log.`)
  return error
}

function resultOf({ errcode, message }: SqliteError): number {
  // The low byte is the result, the others say more of it.
  if (errcode !== undefined) return errcode & 0xff
  return results.get(message) ?? 0
}
