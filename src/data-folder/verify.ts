import { DataError } from '../base/data-error.js'
import { compareWithLog } from './compare-with-log.js'
import type { OnProgress } from './copy-table.js'
import type { KeptMessage } from './message-checker.js'
import { RecordChecker, type Tell } from './record-checker.js'
import { recordShapes } from './record-shapes.js'
import { rowKinds, rowsOf } from './rows.js'
import { replayTail } from './tail.js'
import { verifyJournal } from './verify-journal.js'
import { verifyLog } from './verify-log.js'
import type { View } from './view.js'

export interface Verified {
  /** The position of the log's last entry. */
  readonly newest: number
  /** What was looked at. */
  readonly lines: readonly string[]
}

/** Looks through all that a view has, and tells of each problem. */
export async function verifyView(view: View, tell: Tell, onProgress: OnProgress): Promise<Verified> {
  let problems = 0
  const count: Tell = (problem) => {
    problems++
    tell(problem)
  }
  checkStructure(view, count)
  const counts = await verifyRecords(view, count, onProgress)
  const { newest, line } = await verifyLog(view, count, onProgress)
  const events = verifyJournal(view, count, onProgress)
  const lines = [`${view.archiveFile}: ${counts}${events}`, `${view.logFile}: ${line}`]
  // The next ones take for granted what has been looked at.
  if (problems > 0) return { newest, lines }
  const compared = await compareWithLog(view, count, onProgress)
  const entries = await replay(view, count)
  return {
    newest,
    lines: [
      ...lines,
      `messages compared with the log: ${english(compared)}; entries replayed on the archive: ${entries}`,
    ],
  }
}

const english = (count: number): string => count.toLocaleString('en')

function checkStructure({ database, parts }: View, tell: Tell): void {
  for (const [schema, file] of parts)
    for (const row of database.prepare(`PRAGMA ${schema}.integrity_check`).iterate() as Iterable<object>) {
      const [said] = Object.values(row) as string[]
      if (said !== 'ok') tell(`${file}: ${String(said).replaceAll('\n', ' ')}`)
    }
}

/** @returns what there is, in words */
async function verifyRecords(view: View, tell: Tell, onProgress: OnProgress): Promise<string> {
  const { database, archiveFile: file } = view
  const shapeProblem = recordShapes()
  let what = ''
  const message = database.prepare('SELECT sender, sent_at, client_id FROM messages WHERE id = ?')
  const checker = new RecordChecker(
    (problem) => {
      tell(`${file}: ${what}${problem}`)
    },
    (id) => message.get(id) as KeptMessage | undefined,
  )
  const counts: string[] = []
  for (const kind of rowKinds) {
    let count = 0
    for await (const rows of rowsOf(view, kind, onProgress))
      for (const row of rows) {
        count++
        what = `${kind.what(row)}: `
        try {
          kind.check(file, kind.what(row), row)
        } catch (error) {
          if (!(error instanceof DataError)) throw error
          tell(error.message)
          continue
        }
        const record = { kind: kind.member, value: JSON.parse(kind.json(row)) as object }
        const problem = shapeProblem(record)
        if (problem === undefined) checker.check(record)
        else tell(`${file}: ${what}${problem}`)
      }
    counts.push(`${kind.name} ${english(count)}`)
    what = ''
  }
  // Before the first entry has been archived there is nothing.
  if (counts.some((table) => !table.endsWith(' 0'))) checker.end()
  const [, ...rest] = counts
  return rest.join(', ')
}

/** Whether a start would succeed. @returns how many entries it would replay */
async function replay(view: View, tell: Tell): Promise<string> {
  try {
    const { entries } = await replayTail(view)
    return english(entries)
  } catch (error) {
    tell(`${view.logFile}: its end cannot be replayed on the archive: ${(error as Error).message}`)
    return 'none'
  }
}
