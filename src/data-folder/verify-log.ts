import { CommandSchema } from '../../schemas/commands.js'
import { fixed } from '../../schemas/limits.js'
import { readCommand, unknownCommand } from '../chat/vocabulary.js'
import { decodeGroup } from '../log/group-bytes.js'
import { checkGroup, type Before, type StoredGroup } from '../log/stored-group.js'
import { DataError } from '../base/data-error.js'
import { scalar } from '../storage/database.js'
import type { OnProgress } from './copy-table.js'
import type { Tell } from './record-checker.js'
import { recordAjv } from './record-shapes.js'
import { archivedPosition, baseOfLog, chainOfLog, type View } from './view.js'

export interface VerifiedLog {
  /** The position of the last entry. */
  readonly newest: number
  /** What there is, in words. */
  readonly line: string
}

/** Looks through the log by itself, and whether it goes on where the archive ends. */
export async function verifyLog(view: View, tell: Tell, onProgress: OnProgress): Promise<VerifiedLog> {
  const { database, logFile: file, logAbout } = view
  const about = (name: string): unknown => scalar(database, `SELECT value FROM ${logAbout} WHERE name = ?`, name)
  const total = Number(scalar(database, 'SELECT count(*) FROM log'))
  const isCommand = recordAjv().compile(CommandSchema)
  let [first, rows]: [number | undefined, number] = [undefined, 0]
  const chain = chainOfLog(view)
  let before = baseOfLog(view)
  for (const row of database.prepare('SELECT * FROM log ORDER BY first').iterate() as Iterable<StoredGroup>) {
    first ??= row.first
    const problem = problemOf(file, chain, row, before) ?? contentProblem(row, isCommand)
    if (problem !== undefined) tell(problem.startsWith(file) ? problem : `${file}: ${problem}`)
    before = row
    onProgress('log', ++rows, total)
  }
  const newest = before.first + before.count - 1
  const archived = archivedPosition(view)
  const from = first ?? newest + 1
  if (from > archived + 1)
    tell(`${file}: it begins at entry ${from}, but the archive ends at entry ${archived}: what is between them is lost`)
  if (!isWithin(newest, fixed.number)) tell(`${file}: it ends at entry ${newest}, which no server comes to`)
  if (newest < archived)
    tell(`${file}: it ends at entry ${newest}, but the archive has entries up to ${archived}: it has lost its end`)
  if (about('epoch') !== scalar(database, "SELECT value FROM about WHERE name = 'epoch'"))
    tell(`${view.archiveFile}: it belongs to another log than ${file}: files of two folders have been mixed`)
  return {
    newest,
    line: rows === 0 ? 'no entries' : `entries ${from} to ${newest} in ${rows.toLocaleString('en')} rows`,
  }
}

const isWithin = (value: unknown, most: number): boolean =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most

function problemOf(file: string, chain: string, row: StoredGroup, before: Before): string | undefined {
  try {
    checkGroup(file, chain, row, before)
    return undefined
  } catch (error) {
    if (error instanceof DataError) return error.message
    throw error
  }
}

/** What is wrong with a row that is what was written. */
function contentProblem(
  { first, count, entries }: StoredGroup,
  isCommand: (value: unknown) => boolean,
): string | undefined {
  const all = decodeGroup(first, entries)
  if (all.length !== count) return `entries ${first} to ${first + count - 1}: there are ${all.length}`
  for (const entry of all) {
    const command = readCommand(entry)
    if (!command) return unknownCommand(entry)
    if (!isWithin(entry.at, fixed.time) || !isCommand(command))
      return `entry ${entry.position} is no command that a chatroom writes`
  }
  return undefined
}
