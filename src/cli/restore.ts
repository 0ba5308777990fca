import { readBackup } from '../data-folder/read-backup.js'
import { fileOf, pathsOf, startOf, type Call, type Command } from './command.js'

export const restore: Command = {
  help: `chatroom restore FILE

Makes the folder that CHATROOM_DATA names from a backup. It is looked through as "chatroom verify FILE" does, and nothing is put
in place if anything is wrong. A folder that holds a chat is left alone: move it away first.

New ids go on 1,000,000,000,000 later, so that none is given twice: the server may have given more after the backup was made.`,

  async run(call: Call): Promise<number> {
    const file = fileOf(call)
    const paths = pathsOf(call.settings)
    await readBackup(file, paths, call.onProgress)
    call.say(`${paths.folder} has the chat of ${file}. Start the server on it with: ${startOf(call)}`)
    return 0
  },
}
