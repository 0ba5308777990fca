import { writeBackup } from '../data-folder/write-backup.js'
import { newFile } from '../storage/new-file.js'
import { count, fileOf, pathsOf, UsageError, type Call, type Command } from './command.js'
import { datedFile, dropOldest, isFolder } from './dated-backups.js'

export const backup: Command = {
  help: `chatroom backup FILE
chatroom backup [--keep N] FOLDER/

Writes the whole chat into FILE, one file of SQLite, while the server runs or when it is stopped. All that was answered
before the command began is in it, and each row has been read again and found to be what the server wrote. FILE appears
when it is whole and on disk; one that is there already is left alone.

In a FOLDER/ the file is named after the time, as in chatroom-20261127T040000Z.backup. With --keep, the oldest of those that are
named so go, once the new one is whole, until N are left. That is a line for cron: chatroom backup --quiet --keep 7 backups/

While a backup reads, SQLite cannot reset the files that end in "-wal", so they grow with what is sent meanwhile.`,

  async run(call: Call): Promise<number> {
    const place = fileOf(call)
    const paths = pathsOf(call.settings)
    const inFolder = isFolder(place)
    if (call.keep !== undefined && !inFolder) throw new UsageError('--keep needs a folder, such as backups/')
    const file = inFolder ? datedFile(place, new Date()) : place
    await newFile(file, async (partial) => {
      const { position, messages } = await writeBackup(paths, partial, call.onProgress)
      call.say(`${file} has all up to entry ${position}: ${count(messages, 'message')}.`)
    })
    if (call.keep !== undefined) dropOldest(place, call.keep)
    return 0
  },
}
