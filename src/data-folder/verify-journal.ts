import { checkRow, sums } from '../archive/archive-rows.js'
import { eventsIn, type JournalRow } from '../archive/journal.js'
import { journalOf, missingJournal } from '../archive/recent-reader.js'
import type { KeptEvent } from '../chat/events.js'
import { DataError } from '../base/data-error.js'
import { scalar } from '../storage/database.js'
import type { OnProgress } from './copy-table.js'
import type { Tell } from './record-checker.js'
import { archivedPosition, type View } from './view.js'

/** Looks through the live events that are kept for those who come back. @returns what there is, in words; a backup has none */
export function verifyJournal(view: View, tell: Tell, onProgress: OnProgress): string {
  const { database, archiveFile: file } = view
  if (scalar(database, "SELECT 1 FROM pragma_table_list WHERE name = 'journal'") === undefined) return ''
  const total = Number(scalar(database, 'SELECT count(*) FROM journal'))
  const newestMessage = Number(scalar(database, newest) ?? 0)
  const position = archivedPosition(view)
  let [rows, events]: [number, number] = [0, 0]
  let before: JournalRow | undefined
  for (const row of database.prepare('SELECT * FROM journal ORDER BY first').iterate() as Iterable<JournalRow>) {
    if (before && row.first !== before.last + 1) tell(missingJournal(file, before.last + 1, row.first - 1).message)
    before = row
    onProgress('journal', ++rows, total)
    const what = journalOf(row.first, row.last)
    if (!isIntact(file, what, row, tell)) continue
    const all = eventsIn(Buffer.from(row.entries).toString())
    events += all.length
    const wrong = all.find((event, index) => !fits(event, row, all[index - 1], newestMessage))
    if (wrong) tell(`${file}: ${what}: event ${wrong.index} of entry ${wrong.position} cannot have been there`)
  }
  if (before && before.last !== position) tell(missingJournal(file, before.last + 1, position).message)
  return `, live events ${events.toLocaleString('en')}`
}

const newest = "SELECT json_extract(value, '$.newest_message') FROM about WHERE name = 'server'"

function isIntact(file: string, what: string, row: JournalRow, tell: Tell): boolean {
  try {
    checkRow(file, what, row, sums.journal)
    return true
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    tell(error.message)
    return false
  }
}

/** Whether an event is one of its row, behind the one before. */
function fits(
  { position, index, at, targets, type, messageId }: KeptEvent,
  { first, last }: JournalRow,
  before: KeptEvent | undefined,
  newestMessage: number,
): boolean {
  const numbers = [position, index, at, ...targets, messageId ?? 1]
  if (!numbers.every(Number.isSafeInteger) || position < first || position > last) return false
  if (before && (position < before.position || (position === before.position && index <= before.index))) return false
  return typeof type === 'string' && (messageId === undefined || (messageId > 0 && messageId <= newestMessage))
}
