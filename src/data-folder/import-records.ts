import { OlderRows, type OlderRecord } from '../archive/older-rows.js'
import { DataError } from '../base/data-error.js'
import { openDatabase } from '../storage/database.js'
import type { OnProgress } from './copy-table.js'
import { exportFormat } from './export-records.js'
import { linesOf } from './lines.js'
import { makeFolder } from './make-folder.js'
import type { Paths } from './paths.js'
import { RecordChecker } from './record-checker.js'
import { recordShapes, type KeptRecord } from './record-shapes.js'
import { RecordWriter } from './record-writer.js'
import { messageRows, serverRow } from './rows.js'

/** Lines that are taken in between two looks at the progress. */
const chunk = 1000

/**
 * Makes a folder from the lines that an export has written. Each is checked, and nothing is put in place if one is wrong.
 * @param name What a problem calls the source.
 * @returns how many there are
 * @throws {DataError} that names the line and what is wrong with it
 */
export async function importRecords(
  source: AsyncIterable<Uint8Array>,
  name: string,
  paths: Paths,
  onProgress: OnProgress,
): Promise<number> {
  let line = 0
  const wrong = (problem: string): never => {
    throw new DataError(`line ${line} of ${name}: ${problem}. Nothing has been put in place.`)
  }
  await makeFolder(paths, async (partial) => {
    const shapeProblem = recordShapes()
    const archive = openDatabase(partial.archive)
    try {
      const writer = new RecordWriter(archive)
      const checker = new RecordChecker(wrong, (id) => writer.messageOf(id))
      const reader = new LineReader(wrong)
      let position = 0
      for await (const lines of linesOf(source, wrong))
        for (const text of lines) {
          line++
          for (const record of reader.read(text)) {
            const problem = shapeProblem(record)
            if (problem !== undefined) wrong(problem)
            checker.check(record)
            if (record.kind === serverRow.member) position = (record.value as { position: number }).position
            writer.write(record)
          }
          if (line % chunk === 0) onProgress('lines', line)
        }
      for (const record of reader.rest()) {
        checker.check(record)
        writer.write(record)
      }
      checker.end()
      writer.end()
      setBase(partial.log, position)
    } finally {
      archive.close()
    }
  })
  return line
}

/** Reads lines of an export, of this format or the one before. */
class LineReader {
  private older: OlderRows | undefined
  /** The sessions of users of the older format, which come behind all users. */
  private sessions: KeptRecord[] = []

  constructor(private readonly wrong: (problem: string) => never) {}

  /** The records of a line: one, or more of the older format. */
  read(text: string): KeptRecord[] {
    const value = this.parsed(text)
    if ('type' in value) return this.readOlder(value as OlderLine)
    const { format, ...rest } = value as { readonly format?: unknown }
    const [[kind, record] = ['', undefined], ...more] = Object.entries(rest) as [string, unknown][]
    if (kind === serverRow.member && format !== exportFormat) this.wrong(otherFormat(format))
    if (more.length > 0 || typeof record !== 'object' || record === null) return this.wrong('it has not one record')
    return [{ kind, value: record }]
  }

  /** What is left at the end. */
  rest(): KeptRecord[] {
    return this.sessions.splice(0)
  }

  private parsed(text: string): object {
    try {
      const value: unknown = JSON.parse(text)
      return typeof value === 'object' && value !== null ? value : this.wrong('it is no object')
    } catch (error) {
      return error instanceof SyntaxError ? this.wrong(`it is no JSON: ${error.message}`) : rethrow(error)
    }
  }

  private readOlder({ format, ...line }: OlderLine): KeptRecord[] {
    if (line.type === 'server' && format !== olderFormat) this.wrong(otherFormat(format))
    const before = line.type === 'user' ? [] : this.rest()
    if (line.type === 'message') {
      const { type: _type, ...value } = line
      return [...before, { kind: messageRows.member, value }]
    }
    this.older ??= new OlderRows()
    const rows = this.older.rowsOf(line as OlderRecord) as readonly { table: string; row: object }[] | undefined
    if (!rows) return this.wrong(`its "type" is ${JSON.stringify(line.type)}, which is none`)
    const records = rows.map(({ table, row }) => ({ kind: table, value: row }))
    if (line.type === 'user') this.sessions.push(...records.splice(1))
    if (line.type !== 'server') return [...before, ...records]
    const { sessions: _sessions, ...counts } = this.older.serverRecord()?.rows ?? {}
    return [{ kind: serverRow.member, value: { ...this.older.serverRecord(), rows: counts } }, ...records]
  }
}

/** Of 0.1.0 and 0.2.0. */
const olderFormat = 1

type OlderLine = { readonly type: string; readonly format?: unknown }

const otherFormat = (format: unknown): string =>
  `its format is ${JSON.stringify(format)}, but this chatroom knows ${olderFormat} and ${exportFormat}`

function rethrow(error: unknown): never {
  throw error
}

/** The log begins behind what was imported. */
function setBase(log: string, position: number): void {
  const database = openDatabase(log)
  database.prepare("UPDATE about SET value = ? WHERE name = 'base'").run(position)
  database.close()
}
