import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DataError } from '../base/data-error.js'
import { onInterrupt } from './interrupt.js'
import { reasonOf } from './system-errors.js'

/**
 * Makes a file that is there whole or not at all: it is written under another name, which it keeps until it is on disk.
 * @throws {DataError} if there is such a file
 */
export async function newFile(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${file}.partial`
  if (existsSync(file)) throw new DataError(`${file} is there already. Name another file, or move that one away.`)
  closeSync(reserve(partial))
  const remove = (): void => rmSync(partial, { force: true })
  const done = onInterrupt(remove)
  try {
    await write(partial)
    syncFile(partial)
    renameSync(partial, file)
    syncFile(dirname(file))
  } catch (error) {
    remove()
    throw error
  } finally {
    done()
  }
}

/** Waits until what was written to a file, or a folder, is on disk. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function reserve(partial: string): number {
  try {
    return openSync(partial, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new DataError(
        `${partial} cannot be written: ${reasonOf(error)}. Name another file, or make its folder first.`,
      )
    throw new DataError(
      `${partial} is there already: it is being written, or an earlier run was interrupted. In that case remove it.`,
    )
  }
}
