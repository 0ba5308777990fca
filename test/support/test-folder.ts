import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Test } from 'tap'

const folders = new WeakMap<Test, string>()

/**
 * The folder of a test, which is removed when all has ended that the test began.
 * @param content What alone is in it from now on.
 */
export function folderOf(t: Test, content?: Parameters<Test['testdir']>[0]): string {
  const known = folders.get(t)
  if (known !== undefined && content === undefined) return known
  // Where nothing is to be torn down yet, the folder would be removed before what is to be from then on.
  t.teardown(() => undefined)
  const folder = t.testdir(content ?? {})
  folders.set(t, folder)
  return folder
}

/** A place for a file or a folder of the test, with nothing there. */
export const placeIn = (t: Test): string => join(folderOf(t), randomUUID())
