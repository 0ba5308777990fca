import { existsSync, rmSync } from 'node:fs'
import { pino } from 'pino'
import { ArchiveReader } from '../archive/archive-reader.js'
import { sums } from '../archive/archive-rows.js'
import { DataError } from '../base/data-error.js'
import { pathsOf, type Call, type Command } from '../cli/command.js'
import { JetStreamLog } from '../log/jetstream/jetstream-log.js'
import { connectNats } from '../nats/connection.js'
import { SnapshotStore } from '../nats/snapshot-store.js'
import { openDatabase } from '../storage/database.js'
import { natsOf } from './cluster.js'
import { foreignLease } from './lease.js'
import { chatOptionsOf, openChat } from './open-chat.js'
import { aboutOf, placeOf } from './snapshots.js'
import { openStorage } from './storage.js'

/** The place before the first message of a stream. */
const beginning = '0'

export const foundCluster: Command = {
  help: `chatroom found-cluster

Puts the chat of the folder that CHATROOM_DATA names into the NATS servers that CHATROOM_NATS_URL names, where there is no chat yet.
No server may run on the folder. It is left as it is: start each node with a folder of its own, which is empty at first.

The way back is "chatroom backup FILE" on the folder of a node, and "chatroom restore FILE" without CHATROOM_NATS_URL.`,

  async run(call: Call): Promise<number> {
    const { settings } = call
    const paths = pathsOf(settings)
    if (settings.CHATROOM_NATS_URL === '')
      throw new DataError('CHATROOM_NATS_URL is not set. Name the NATS servers that shall keep the chat.')
    if (!existsSync(paths.log))
      throw new DataError(`CHATROOM_DATA is "${paths.folder}", which holds no chat of its own. Name the folder of one.`)
    const { CHATROOM_NATS_PREFIX: prefix, CHATROOM_NATS_REPLICAS: replicas } = settings
    const connection = await connectNats(natsOf(settings))
    const file = `${paths.archive}.founding`
    try {
      const log = new JetStreamLog({ connection, prefix, replicas, onLost: () => undefined })
      const store = new SnapshotStore({ connection, prefix, replicas })
      if (!(await log.isEmpty()) || (await store.list()).length > 0)
        throw new DataError(
          `CHATROOM_NATS_URL names servers that keep a chat already, under the prefix "${prefix}". Choose another CHATROOM_NATS_PREFIX.`,
        )
      rmSync(file, { force: true })
      await copyOf(call, file)
      bind(file, log.epoch)
      const { position } = placeOf(file)
      await store.put(file, aboutOf(log.epoch, position, beginning), (doneBytes, allBytes) =>
        call.onProgress('snapshot', doneBytes, allBytes),
      )
      call.say(`The NATS servers have all up to entry ${position}. Start the nodes, each with an empty CHATROOM_DATA.`)
    } finally {
      rmSync(file, { force: true })
      await connection.close()
    }
    return 0
  },
}

/** Copies the archive of a folder, once it has all that the log has. */
async function copyOf({ settings, onProgress }: Call, file: string): Promise<void> {
  const storage = await openStorage(settings, { logger: pino({ enabled: false }), now: Date.now })
  const chat = await openChat({
    ...chatOptionsOf(settings),
    storage: { ...storage, lease: foreignLease },
    onProgress: (position, newest) => onProgress('log', position, newest),
  })
  await chat.close()
  const reader = new ArchiveReader({ file: pathsOf(settings).archive })
  try {
    reader.copyInto(file)
  } finally {
    reader.close()
  }
}

/** Lets a copy of an archive go on at the beginning of a stream. */
function bind(file: string, epoch: string): void {
  const database = openDatabase(file)
  try {
    database.prepare("UPDATE about SET value = ? WHERE name = 'epoch'").run(epoch)
    database
      .prepare("INSERT OR REPLACE INTO about VALUES ('cursor', ?, ?)")
      .run(beginning, sums.server({ value: beginning }))
    database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE')
  } finally {
    database.close()
  }
}
