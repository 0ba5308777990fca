import type { ServerRecord } from '../../schemas/records.js'
import { DataError } from '../storage/data-error.js'
import { openDatabase } from '../storage/database.js'
import type { OnProgress } from './copy-table.js'
import { exportFormat } from './export-records.js'
import { linesOf } from './lines.js'
import { makeFolder } from './make-folder.js'
import type { Paths } from './paths.js'
import { RecordChecker } from './record-checker.js'
import { recordShapes, type ChatRecord, type ShapeOf } from './record-shapes.js'
import { RecordWriter } from './record-writer.js'

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
    const shapeOf = recordShapes()
    const archive = openDatabase(partial.archive)
    try {
      const writer = new RecordWriter(archive)
      const checker = new RecordChecker(wrong, (id) => writer.messageOf(id))
      let position = 0
      for await (const lines of linesOf(source, wrong))
        for (const text of lines) {
          line++
          const record = recordOf(text, shapeOf, wrong)
          checker.check(record)
          if (record.type === 'server') position = record.position
          writer.write(record)
          if (line % chunk === 0) onProgress('lines', line)
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

function recordOf(text: string, shapeOf: ShapeOf, wrong: (problem: string) => never): ChatRecord {
  const value = parsed(text, wrong)
  const shape = shapeOf(isServer(value) ? withoutFormat(value, wrong) : value)
  return 'problem' in shape ? wrong(shape.problem) : shape.record
}

function parsed(text: string, wrong: (problem: string) => never): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    return wrong(`it is no JSON: ${(error as Error).message}`)
  }
}

type ServerLine = ServerRecord & { readonly format?: unknown }

const isServer = (value: unknown): value is ServerLine => (value as { type?: unknown } | null)?.type === 'server'

function withoutFormat({ format, ...record }: ServerLine, wrong: (problem: string) => never): ServerRecord {
  if (format !== exportFormat) wrong(`its format is ${JSON.stringify(format)}, but this chatroom knows ${exportFormat}`)
  return record
}

/** The log begins behind what was imported. */
function setBase(log: string, position: number): void {
  const database = openDatabase(log)
  database.prepare("UPDATE about SET value = ? WHERE name = 'base'").run(position)
  database.close()
}
