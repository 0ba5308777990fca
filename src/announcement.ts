import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { unwatchFile, watchFile } from 'node:fs'
import { SettingError } from './settings.js'

/** Puts another text into the file, whole or not at all. */
export async function writeAnnouncement(file: string, text: string): Promise<void> {
  const partial = `${file}.${randomUUID()}`
  try {
    await writeFile(partial, text, { flush: true })
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

/** The pause between two looks at the file, in ms. */
const pause = 500
/** The pause before a text that could not be told is told again, in ms. */
const retryPause = 1000
/** Larger than this is no announcement. */
const largest = 65_536

/**
 * Reads the announcement. @throws {SettingError} if it cannot be read */
async function read(file: string): Promise<string> {
  try {
    const bytes = await readFile(file)
    if (bytes.length > largest) throw new Error(`it has more than ${largest} bytes`)
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch (error) {
    throw new SettingError(
      `CHATROOM_ANNOUNCEMENT is "${file}", which cannot be read: ${(error as Error).message}. Create the file, or name another.`,
    )
  }
}

/**
 * Tells what the file says now, and whenever that changes. It looks at the file rather than listens for it: that works on
 * every file system, and when an editor puts another file in its place.
 * @throws {SettingError} if it cannot be read now; later, that goes to `complain`, and what was read last stays.
 * @param tell What it rejects with goes to `complain`, too; it is tried again until it succeeds.
 * @returns what stops it.
 */
export async function followAnnouncement(
  file: string,
  tell: (text: string) => Promise<void>,
  complain: (error: unknown) => void,
): Promise<() => void> {
  await tell(await read(file))
  let again: NodeJS.Timeout | undefined
  const look = async (): Promise<void> => {
    clearTimeout(again)
    try {
      await tell(await read(file))
      again = undefined
    } catch (error) {
      const isRead = !(error instanceof SettingError)
      if (!isRead || !again) complain(error)
      // What cannot be read is looked at again when it has changed.
      if (isRead) again = setTimeout(onChange, retryPause).unref()
    }
  }
  const onChange = (): void => void look()
  watchFile(file, { interval: pause, persistent: false }, onChange)
  return () => {
    unwatchFile(file, onChange)
    clearTimeout(again)
  }
}
