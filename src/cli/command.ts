import type { Settings } from '../../schemas/settings.js'
import type { OnProgress } from '../data-folder/copy-table.js'
import { pathsIn, type Paths } from '../data-folder/paths.js'
import { DataError } from '../base/data-error.js'

/** One call of a command. */
export interface Call {
  /** The file that was named, if one was. */
  readonly file: string | undefined
  /** How many backups `--keep` says, if it was given. */
  readonly keep?: number | undefined
  readonly settings: Settings
  /** The folder that a start without more words takes. */
  readonly usualFolder: string
  readonly onProgress: OnProgress
  /** Writes a line of what was asked for. */
  readonly write: (line: string) => void
  /** Says what was done, where it is not in the way of what is written. */
  readonly say: (line: string) => void
}

export interface Command {
  /** What it promises, for `--help`. */
  readonly help: string
  /** @returns the exit code; none if it goes on */
  run(call: Call): Promise<number | undefined>
}

/** The command was not called as it must be: the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The files of the folder that `CHATROOM_DATA` names. @throws {DataError} if there is none */
export function pathsOf({ CHATROOM_DATA: folder }: Settings): Paths {
  if (folder === ':memory:') throw new DataError('CHATROOM_DATA is ":memory:", which keeps nothing. Name a folder.')
  return pathsIn(folder)
}

/** The command that starts a server on the folder. */
export function startOf({ settings, usualFolder }: Call): string {
  const { CHATROOM_DATA: folder } = settings
  return folder === usualFolder ? 'npx chatroom' : `CHATROOM_DATA=${quoted(folder)} npx chatroom`
}

/** As a shell takes it for one word. */
const quoted = (word: string): string => (/^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** @throws {UsageError} if there is none */
export function fileOf({ file }: Call): string {
  if (file === undefined) throw new UsageError('FILE is missing.')
  return file
}

export const count = (many: number, what: string): string =>
  `${many.toLocaleString('en')} ${what}${many === 1 ? '' : 's'}`
