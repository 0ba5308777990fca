import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { exportRecords } from '../data-folder/export-records.js'
import { viewFolder } from '../data-folder/view.js'
import { newFile } from '../storage/new-file.js'
import { pathsOf, type Call, type Command } from './command.js'

export const exportCommand: Command = {
  help: `chatroom export [FILE]

Writes the whole chat as lines of JSON, to FILE or to the standard output, while the server runs or when it is stopped:
the server, users, rooms, members in the order in which they joined, messages, and what was answered to each client_id.
schemas/rows.ts says what they consist of. They have the hashes of passwords and tokens: keep them as you keep those.`,

  async run(call: Call): Promise<number> {
    const { file, settings } = call
    if (file === undefined) await write(call, process.stdout)
    else {
      pathsOf(settings)
      await newFile(file, (partial) => write(call, createWriteStream(partial)))
    }
    return 0
  },
}

async function write({ settings, onProgress }: Call, to: NodeJS.WritableStream): Promise<void> {
  const view = viewFolder(pathsOf(settings))
  try {
    await pipeline(async function* () {
      for await (const lines of exportRecords(view, onProgress)) if (lines.length > 0) yield `${lines.join('\n')}\n`
    }, to)
  } finally {
    view.close()
  }
}
