import { createReadStream } from 'node:fs'
import { importRecords } from '../data-folder/import-records.js'
import { DataError } from '../base/data-error.js'
import { reasonOf } from '../storage/system-errors.js'
import { count, pathsOf, startOf, type Call, type Command } from './command.js'

const chunk = 2 ** 20

export const importCommand: Command = {
  help: `chatroom import [FILE]

Makes the folder that CHATROOM_DATA names from the lines that "chatroom export" writes, in FILE or on the standard input.
Each line is checked, by itself and against those before; if one is wrong, it is named, and nothing is put in place. A
folder that holds a chat is left alone: move it away first. New ids go on 1,000,000,000,000 later, as after a restore.`,

  async run(call: Call): Promise<number> {
    const { file, onProgress } = call
    const paths = pathsOf(call.settings)
    const source = file === undefined ? process.stdin : piecesOf(file)
    const lines = await importRecords(source, file ?? 'the standard input', paths, onProgress)
    call.say(`${paths.folder} has the chat of ${count(lines, 'line')}. Start the server on it with: ${startOf(call)}`)
    return 0
  },
}

/** @throws {DataError} if the file cannot be read */
async function* piecesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file, { highWaterMark: chunk }) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw new DataError(`${file} cannot be read: ${reasonOf(error)}. Name a file that "chatroom export" has written.`)
  }
}
