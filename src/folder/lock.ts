import { accessSync, constants, mkdirSync } from 'node:fs'
import { DataError } from '../storage/data-error.js'
import { openDatabase, type Database } from '../storage/database.js'
import type { Paths } from './paths.js'

/** SQLITE_BUSY: another connection has the lock. */
const busy = 5

/**
 * Takes the folder for this process, and makes it if there is none. The lock is one of the operating system's, by way of
 * SQLite: it is gone when the process is, however it ends.
 * @returns what gives the folder back; to give it back twice is harmless
 * @throws {DataError} if it cannot be written, or another process has it
 */
export function lockFolder({ folder, lock }: Paths): () => void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new DataError(
      `CHATROOM_DATA is "${folder}", which cannot be written: ${(error as Error).message}. Let this user write there, name another folder, or set :memory: to keep nothing.`,
    )
  }
  const database = openDatabase(lock, { timeout: 0 })
  try {
    hold(database)
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode !== busy) throw error
    throw new DataError(
      `CHATROOM_DATA is "${folder}", which another process uses. Stop that one, or name another folder.`,
    )
  }
  let held = true
  return () => {
    if (held) database.close()
    held = false
  }
}

function hold(database: Database): void {
  database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
}
