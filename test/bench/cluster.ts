import { natsMissing } from '../support/nats.js'
import { startNats } from './nats.js'
import { compare, race, runner } from './race.js'
import { ask, messageText, post } from './requests.js'
import type { Scope } from './scope.js'
import { startChatRoom, startDurable, type Server } from './servers.js'
import { leftOut, type Row } from './table.js'

const text = messageText(1)
const clients = 256

/** A send on a node whose log the NATS servers keep, synced always, against one on a server that keeps its own. */
export async function cluster(scope: Scope): Promise<Row[]> {
  const missing = natsMissing()
  if (missing !== undefined) return [leftOut('cluster', missing)]
  const rows: Row[] = []
  for (const servers of [1, 3] as const) {
    const disk = await startDurable(scope)
    const node = await startNode(scope, servers)
    for (const { port } of [disk, node])
      for (const username of ['alice', 'bob']) await ask(port, '/register', { username })
    const request = post('/send', { sender: 'alice', recipient: 'bob', message: text })
    const results = await race(`cluster, NATS servers: ${servers}`, [
      await runner(scope, 'node', node, request, clients),
      await runner(scope, 'disk', disk, request, clients),
    ])
    rows.push({
      part: 'cluster',
      compared: `POST /send, in NATS (servers: ${servers}, synced always) : on disk, ${clients} clients`,
      goal: '>= 0.5',
      ...compare(results, 'node', 'disk'),
    })
  }
  return rows
}

/** A node on NATS servers of its own. */
async function startNode(scope: Scope, servers: 1 | 3): Promise<Server> {
  const nats = await startNats(scope, { servers, syncAlways: true })
  return startChatRoom(scope, {
    CHATROOM_DATA: 'data',
    CHATROOM_NATS_URL: nats.url,
    CHATROOM_NATS_REPLICAS: String(servers),
  })
}
