import { createReadStream } from 'node:fs'
import { importRecords } from '../folder/import-records.js'
import { count, pathsOf, type Call, type Command } from './command.js'

const chunk = 2 ** 20

export const importCommand: Command = {
  help: `chatroom import [FILE]

Makes the folder that CHATROOM_DATA names from the lines that "chatroom export" writes, in FILE or on the standard input.
Each line is checked, by itself and against those before; if one is wrong, it is named, and nothing is put in place. A
folder that holds a chat is left alone: move it away first.`,

  async run({ file, settings, onProgress, say }: Call): Promise<number> {
    const paths = pathsOf(settings)
    const source = file === undefined ? process.stdin : createReadStream(file, { highWaterMark: chunk })
    const lines = await importRecords(source, file ?? 'the standard input', paths, onProgress)
    say(`${paths.folder} has the chat of ${count(lines, 'line')}. Start the server with "npm start".`)
    return 0
  },
}
