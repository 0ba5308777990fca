import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const named = /^chatroom-\d{8}T\d{6}Z\.backup$/

/** Whether a word means a folder, in which backups are named after their time. */
export const isFolder = (place: string): boolean =>
  place.endsWith('/') || statSync(place, { throwIfNoEntry: false })?.isDirectory() === true

/** A name that sorts as its time does. */
export function datedFile(folder: string, time: Date): string {
  const digits = time.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return join(folder, `chatroom-${digits}.backup`)
}

/** Removes the oldest backups that are named after their time, until so many are left. */
export function dropOldest(folder: string, kept: number): void {
  const names = readdirSync(folder).filter((name) => named.test(name))
  for (const name of names.toSorted().slice(0, -kept)) rmSync(join(folder, name))
}
