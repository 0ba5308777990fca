import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Test } from 'tap'
import type { AppOptions } from '../../src/app.js'
import { openCluster } from '../../src/node/cluster.js'
import type { Storage } from '../../src/node/storage.js'

/** The servers that a suite names, where its chats are to be on those. */
export const natsUrl = process.env['TEST_NATS_URL']

/** Opens a node on NATS servers, with names of its own there, and a folder that goes with the test. */
export async function openNatsNode(t: Test, url: string, { settings, now = Date.now }: AppOptions): Promise<Storage> {
  const folder = await mkdtemp(join(tmpdir(), 'chatroom-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return openCluster(
    {
      ...settings,
      CHATROOM_DATA: folder,
      CHATROOM_NATS_URL: url,
      CHATROOM_NATS_REPLICAS: 1,
      CHATROOM_NATS_PREFIX: `t${randomUUID().slice(0, 8)}`,
    },
    { logger: pino({ enabled: false }), now },
    (error) => void t.fail(error.message),
  )
}
