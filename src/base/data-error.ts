/** What is on disk cannot be used. The message names the file, what is wrong with it, and the cure. */
export class DataError extends Error {
  override readonly name = 'DataError'
}

/** A file whose content is not what was written. */
export const damaged = (file: string, what: string): DataError =>
  new DataError(
    `${file} is damaged: ${what}. "npx chatroom verify" looks through the whole folder. Move the folder away and bring back a backup with "npx chatroom restore FILE".`,
  )
