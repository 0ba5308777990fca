import { createHash, randomUUID } from 'node:crypto'
import { constants, existsSync, unwatchFile, watchFile } from 'node:fs'
import { access, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SettingError } from '../settings.js'

/** The pause between two looks at the file, in ms. */
const lookPauseMs = 500
/** A larger file is no announcement. */
const mostBytes = 65_536

/** What a file says. */
export interface FileText {
  /** Without the white space around it. */
  readonly text: string
  /** Tells this text of the file from others. */
  readonly hash: string
}

const nothing = fileText('')

/** The file that `CHATROOM_ANNOUNCEMENT` names. */
export class AnnouncementFile {
  constructor(readonly path: string) {}

  get isThere(): boolean {
    return existsSync(this.path)
  }

  /** @throws {SettingError} if it cannot be read */
  async read(): Promise<FileText> {
    try {
      const bytes = await readFile(this.path)
      if (bytes.length > mostBytes) throw new Error(`it has more than ${mostBytes} bytes`)
      return fileText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes))
    } catch (error) {
      throw new SettingError(
        `CHATROOM_ANNOUNCEMENT is "${this.path}", which cannot be read: ${(error as Error).message}. Create the file, or name another.`,
      )
    }
  }

  /** What it says; nothing if it cannot be read. */
  async readIfThere(): Promise<FileText> {
    return this.read().catch(() => nothing)
  }

  /**
   * Puts another text into it: whole or not at all, where a file can be put in its place. One that is mounted, or stands in
   * the folder of somebody else, is written itself.
   */
  async write(text: string): Promise<void> {
    // A link stays one.
    const path = await realpath(this.path).catch(() => this.path)
    await replace(path, text).catch(() => overwrite(path, text))
  }

  /** Whether it can be written, as far as that can be told before. @throws what the system says if not */
  async checkWritable(): Promise<void> {
    await checkAccess(this.path).catch(async (error: unknown) => {
      await checkAccess(dirname(this.path)).catch(() => {
        throw error
      })
    })
  }

  /**
   * Calls back when it has changed. It is looked at rather than listened for: that works on every file system, and when an
   * editor puts another file in its place.
   * @returns what stops it
   */
  watch(onChange: () => void): () => void {
    watchFile(this.path, { interval: lookPauseMs, persistent: false }, onChange)
    return () => unwatchFile(this.path, onChange)
  }
}

const checkAccess = (path: string): Promise<void> => access(path, constants.W_OK)

function fileText(whole: string): FileText {
  const text = whole.trim()
  return { text, hash: createHash('sha256').update(text).digest('base64url') }
}

async function replace(path: string, text: string): Promise<void> {
  const partial = `${path}.${randomUUID()}`
  try {
    const { mode } = await stat(path).catch(() => ({ mode: undefined }))
    await writeFile(partial, text, { flush: true, ...(mode !== undefined && { mode }) })
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw error
  }
}

async function overwrite(path: string, text: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const bytes = Buffer.from(text)
    await file.write(bytes, 0, bytes.length, 0)
    await file.truncate(bytes.length)
    await file.sync()
  } finally {
    await file.close()
  }
}
