import { randomUUID } from 'node:crypto'
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { archiveFormat } from '../archive/archive-format.js'
import { makeTables, storedTable } from '../archive/tables.js'
import { declaredTables } from '../chat/chat-state.js'
import { logFormat } from '../log/log-format.js'
import { markText } from '../log/mark.js'
import { DataError } from '../base/data-error.js'
import { openDatabase, type Database } from '../storage/database.js'
import { bringUp, type Format } from '../storage/format.js'
import { onInterrupt } from '../storage/interrupt.js'
import { syncFile } from '../storage/new-file.js'
import { lockFolder } from './lock.js'
import { pathsIn, type Paths } from './paths.js'
import { skipIds } from './skip-ids.js'

/** The formats in which the files of a folder are filled. */
export interface Versions {
  readonly archive: number
  readonly log: number
}

const present: Versions = { archive: archiveFormat.steps.length, log: logFormat.steps.length }

/**
 * Makes a folder with a chat in it. The files get their names when all is on disk, the log last: what an interruption
 * leaves is no chat to any command, and a server does not start on it.
 * @param fill Fills the files, which have their tables, but no indexes, under other names.
 * @param check Looks at them when they are whole, and of the present format.
 * @throws {DataError} if there is a chat already, or another process uses the folder
 */
export async function makeFolder(
  paths: Paths,
  fill: (partial: Paths) => Promise<void>,
  { versions = present, check }: { versions?: Versions; check?: (partial: Paths) => Promise<void> } = {},
): Promise<void> {
  const partial = { ...pathsIn(paths.folder), ...partialOf(paths) }
  const release = await lockFolder(paths)
  const done = onInterrupt(() => remove(partial))
  try {
    for (const file of [paths.log, paths.archive, paths.mark])
      if (existsSync(file))
        throw new DataError(
          `CHATROOM_DATA is "${paths.folder}", which holds a chat already: there is ${file}. Move the folder away, or name another one.`,
        )
    remove(partial)
    await build(partial, fill, versions)
    await check?.(partial)
    for (const file of ['archive', 'mark', 'log'] as const) renameSync(partial[file], paths[file])
    for (const folder of [paths.folder, dirname(resolve(paths.folder))]) syncFile(folder)
  } finally {
    done()
    remove(partial)
    release()
  }
}

const partialOf = ({ archive, log, mark }: Paths): Pick<Paths, 'archive' | 'log' | 'mark'> => ({
  archive: `${archive}.partial`,
  log: `${log}.partial`,
  mark: `${mark}.partial`,
})

async function build(partial: Paths, fill: (partial: Paths) => Promise<void>, versions: Versions): Promise<void> {
  const finishArchive = begin(partial.archive, archiveFormat, versions.archive, (archive) =>
    makeTables(archive, declaredTables().map(storedTable)),
  )
  const finishLog = begin(partial.log, logFormat, versions.log)
  await fill(partial)
  // It may go on otherwise than the one that it was made from.
  const epoch = randomUUID()
  finishArchive((archive) => archive.exec(`INSERT OR REPLACE INTO about VALUES ('epoch', '${epoch}', 0)`))
  finishLog((log) => {
    log.exec(`UPDATE about SET value = '${epoch}' WHERE name = 'epoch'`)
    writeFileSync(partial.mark, markText(skipIds(log)), { mode: 0o600 })
  })
  for (const file of [partial.archive, partial.log, partial.mark]) syncFile(file)
}

/**
 * Makes an empty file without indexes.
 * @param prepare What else is made in a file of the present format.
 * @returns what brings it to the present format, with indexes
 */
function begin(
  file: string,
  format: Format,
  version: number,
  prepare?: (database: Database) => void,
): (lastly: (database: Database) => void) => void {
  const database = openDatabase(file)
  bringUp(database, file, { ...format, steps: format.steps.slice(0, version) })
  if (version === format.steps.length) prepare?.(database)
  const indexes = database
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    .all() as { name: string; sql: string }[]
  for (const { name } of indexes) database.exec(`DROP INDEX ${name}`)
  // It is filled without: if that fails, there is nothing to go back to.
  database.exec('PRAGMA journal_mode = DELETE')
  database.close()
  return (lastly) => {
    const database = openDatabase(file)
    database.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF')
    for (const { sql } of indexes) database.exec(sql)
    lastly(database)
    bringUp(database, file, format)
    prepare?.(database)
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
  }
}

function remove({ archive, log, mark }: Paths): void {
  for (const file of [archive, log, mark])
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(file + ending, { force: true })
}
