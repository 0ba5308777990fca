import type { OnProgress } from './copy-table.js'
import { rowKinds, rowsOf } from './rows.js'
import { logRows, type View } from './view.js'

/** Looks whether each row is what was written. @throws {DataError} at the first that is not */
export async function checkSums(view: View, onProgress: OnProgress): Promise<void> {
  for (const kind of rowKinds)
    for await (const rows of rowsOf(view, kind, onProgress))
      for (const row of rows) kind.check(view.archiveFile, kind.what(row), row)
  for (const row of logRows(view)) onProgress('log', row.first, row.first)
}
