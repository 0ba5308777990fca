import { hash } from 'node:crypto'
import { accessSync, chmodSync, constants, mkdirSync, readdirSync, realpathSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { basename, join } from 'node:path'
import { DataError } from '../base/data-error.js'
import { openDatabase, type Database } from '../storage/database.js'
import { reasonOf } from '../storage/system-errors.js'
import type { Paths } from './paths.js'

/** SQLITE_BUSY: another connection has the lock. */
const busy = 5

/**
 * Takes the folder for this process, and makes it if there is none. The lock is one of the operating system's, by way of
 * SQLite: it is gone when the process is, however it ends. Its files are for their owner alone, whoever made them.
 * @returns what gives the folder back; to give it back twice is harmless
 * @throws {DataError} if it cannot be written, or another process has it
 */
export async function lockFolder(paths: Paths): Promise<() => void> {
  const { folder } = paths
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new DataError(
      `CHATROOM_DATA is "${folder}", which cannot be written: ${reasonOf(error)}. Let this user write there, name another folder, or set :memory: to keep nothing.`,
    )
  }
  const database = lock(paths)
  try {
    const place = await holdPlace(folder)
    makePrivate(paths)
    let held = true
    return () => {
      if (!held) return
      held = false
      place?.close()
      database.close()
    }
  } catch (error) {
    database.close()
    throw error
  }
}

const inUse = (folder: string): DataError =>
  new DataError(`CHATROOM_DATA is "${folder}", which another process uses. Stop that one, or name another folder.`)

function lock({ folder, lock }: Paths): Database {
  const database = openDatabase(lock, { timeout: 0 })
  try {
    hold(database)
    return database
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode !== busy) throw error
    throw inUse(folder)
  }
}

function hold(database: Database): void {
  database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
}

/**
 * Holds the place, too: where a folder has been moved away, its lock is away with it, and the process that has it goes on.
 * Linux alone has names that are gone with the process; elsewhere, and where none can be had, the lock is all.
 */
async function holdPlace(folder: string): Promise<Server | undefined> {
  if (process.platform !== 'linux') return undefined
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      const path = `\0chatroom ${hash('sha256', realpathSync(folder), 'base64url')}`
      // For itself: what a process of a cluster listens at is shared by all, else.
      server.once('error', reject).listen({ path, exclusive: true }, resolve)
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return undefined
    throw new DataError(
      `CHATROOM_DATA is "${folder}", in whose place a process has a folder that was moved away or deleted. Stop that one, or name another folder.`,
    )
  }
  return server.unref()
}

/** Older servers made files that others could read. */
function makePrivate({ folder, ...files }: Paths): void {
  const names = new Set(Object.values(files).map((file) => basename(file)))
  for (const name of readdirSync(folder)) {
    if (!names.has(name.replace(/-(?:wal|shm|journal)$/, ''))) continue
    try {
      chmodSync(join(folder, name), 0o600)
    } catch (error) {
      // Another user's, who lets this one write: it is for that user to say who may read. Or a link to where no file is yet.
      if (!['EPERM', 'ENOENT'].includes(String((error as NodeJS.ErrnoException).code))) throw error
    }
  }
}
