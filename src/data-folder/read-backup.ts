import { archiveFormat, tablesOfEpoch } from '../archive/archive-format.js'
import { logFormat } from '../log/log-format.js'
import { damaged, DataError } from '../base/data-error.js'
import { openDatabase, scalar } from '../storage/database.js'
import { logTable } from './backup-format.js'
import { copyTable, tablesOf, type OnProgress } from './copy-table.js'
import { makeFolder } from './make-folder.js'
import type { Paths } from './paths.js'
import { verifyView } from './verify.js'
import { viewBackup, viewFolder, type View } from './view.js'

/**
 * Makes a folder from a backup. Nothing is put in place unless all of it is what a server can have written.
 * @throws {DataError} if the backup is damaged, or the folder holds a chat already
 */
export async function readBackup(file: string, paths: Paths, onProgress: OnProgress): Promise<void> {
  const view = viewBackup(file, false)
  try {
    const versions = { archive: aboutBackup(view, 'archive_format'), log: aboutBackup(view, 'log_format') }
    if (!(versions.archive <= archiveFormat.steps.length && versions.log <= logFormat.steps.length))
      throw new DataError(`${file} is of a newer chatroom: restore it with that one.`)
    await makeFolder(
      paths,
      async (partial) => {
        checkWhole(view)
        await copy(file, partial, onProgress)
      },
      { versions, check: (partial) => checkFolder(partial, file, onProgress) },
    )
  } finally {
    view.close()
  }
}

function refuse(problem: string): never {
  // A sentence says itself what to do.
  const rest = problem.endsWith('.') ? '' : '; bring back another backup'
  throw new DataError(`${problem.replace(/\.$/, '')}. Nothing has been put in place${rest}.`)
}

/** Looks through what has been made of a backup: an older one is of the present format by then. */
async function checkFolder(partial: Paths, file: string, onProgress: OnProgress): Promise<void> {
  const view = viewFolder(partial)
  try {
    await verifyView({ ...view, archiveFile: file, logFile: file }, refuse, onProgress)
  } finally {
    view.close()
  }
}

const aboutBackup = ({ database }: View, name: string): number =>
  Number(scalar(database, 'SELECT value FROM backup WHERE name = ?', name))

/** Whether each table has the rows that it had when the backup was made. @throws {DataError} */
function checkWhole(view: View): void {
  const { database, archiveFile: file } = view
  for (const table of tablesOf(database, 'main')) {
    if (table === 'backup') continue
    const had = aboutBackup(view, `rows.${table}`)
    const has = Number(scalar(database, `SELECT count(*) FROM ${table}`))
    if (has !== had) throw damaged(file, `${table} has ${has} rows of the ${had} that it had`)
  }
}

async function copy(file: string, { archive, log }: Paths, onProgress: OnProgress): Promise<void> {
  const database = openDatabase(':memory:', { name: file })
  try {
    for (const [schema, path] of Object.entries({ backup: file, archive, log }))
      database.prepare(`ATTACH ? AS ${schema}`).run(path)
    for (const schema of ['archive', 'log'])
      database.exec(`PRAGMA ${schema}.journal_mode = OFF; PRAGMA ${schema}.synchronous = OFF`)
    database.exec('BEGIN')
    for (const table of tablesOf(database, 'archive'))
      if (!tablesOfEpoch.includes(table)) await copyTable(database, ['backup', table], ['archive', table], onProgress)
    for (const table of tablesOf(database, 'log'))
      await copyTable(database, ['backup', logTable(table)], ['log', table], onProgress)
    database.exec('COMMIT')
  } finally {
    database.close()
  }
}
