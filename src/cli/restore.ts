import { readBackup } from '../folder/read-backup.js'
import { fileOf, pathsOf, type Call, type Command } from './command.js'

export const restore: Command = {
  help: `chatroom restore FILE

Makes the folder that CHATROOM_DATA names from a backup. Nothing is put in place unless all rows are there and each is
what the server wrote. A folder that holds a chat is left alone: move it away first.`,

  async run(call: Call): Promise<number> {
    const file = fileOf(call)
    const paths = pathsOf(call.settings)
    await readBackup(file, paths, call.onProgress)
    call.say(`${paths.folder} has the chat of ${file}. Start the server with "npm start".`)
    return 0
  },
}
