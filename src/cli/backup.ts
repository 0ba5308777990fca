import { writeBackup } from '../folder/write-backup.js'
import { newFile } from '../storage/new-file.js'
import { count, fileOf, pathsOf, type Call, type Command } from './command.js'

export const backup: Command = {
  help: `chatroom backup FILE

Writes the whole chat into FILE, one file of SQLite, while the server runs or when it is stopped. All that was answered
before the command began is in it, and each row has been read again and found to be what the server wrote. FILE appears
when it is whole and on disk; one that is there already is left alone.

While a backup reads, SQLite cannot reset the files that end in "-wal", so they grow with what is sent meanwhile.`,

  async run(call: Call): Promise<number> {
    const file = fileOf(call)
    const paths = pathsOf(call.settings)
    await newFile(file, async (partial) => {
      const { position, messages } = await writeBackup(paths, partial, call.onProgress)
      call.say(`${file} has all up to entry ${position}: ${count(messages, 'message')}.`)
    })
    return 0
  },
}
