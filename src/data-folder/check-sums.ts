import type { OnProgress } from './copy-table.js'
import { rowsOf, tables, type Table } from './rows.js'
import { logRows, type View } from './view.js'

/** Looks whether each row is what was written. @throws {DataError} at the first that is not */
export async function checkSums(view: View, onProgress: OnProgress): Promise<void> {
  for (const table of Object.values(tables) as Table[])
    for await (const rows of rowsOf(view, table, onProgress))
      for (const row of rows) table.check(view.archiveFile, table.what(row), row)
  for (const row of logRows(view)) onProgress('log', row.first, row.first)
}
