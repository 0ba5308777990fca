import { natsMissing } from '../support/nats.js'
import { failover } from './failover.js'
import { flood } from './flood.js'
import { gatherIn } from './gather.js'
import { startNats, startNode } from './nats.js'
import { compare, race, runner } from './race.js'
import { ask, messageText, post } from './requests.js'
import { inScope, type Scope } from './scope.js'
import { startDurable } from './servers.js'
import { leftOut, type Row } from './table.js'

const text = messageText(1)
const clients = 256
const listeners = 1000
/** Messages under way where as many as possible are. */
const many = 64

/** Nodes whose log the NATS servers keep, synced always. */
export async function cluster(): Promise<Row[]> {
  const missing = natsMissing()
  if (missing !== undefined) return [leftOut('cluster', missing)]
  return [...(await inScope(sends)), ...(await inScope(fanOut)), ...(await inScope(failover))]
}

/** A send on a node, against one on a server that keeps its own log. */
async function sends(scope: Scope): Promise<Row[]> {
  const rows: Row[] = []
  for (const servers of [1, 3] as const) {
    const disk = await startDurable(scope)
    const node = await startNode(scope, await startNats(scope, { servers, syncAlways: true }))
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

/** A busy room of which each of three nodes has a third, against one node that has all. */
async function fanOut(scope: Scope): Promise<Row[]> {
  const single = await startNode(scope, await startNats(scope, { servers: 1, syncAlways: true }))
  const nats = await startNats(scope, { servers: 1, syncAlways: true })
  const three = [await startNode(scope, nats), await startNode(scope, nats), await startNode(scope, nats)] as const
  const [atOne, atThree] = [await gatherIn(scope, [single], listeners), await gatherIn(scope, three, listeners)]
  const results = await race('cluster, fan-out', [
    flood('one', atOne, many),
    flood('three', atThree, many),
    flood('one, singly', atOne, 1),
    flood('three, singly', atThree, 1),
  ])
  const row = (compared: string, mine: string, other: string): Row => ({
    part: 'cluster',
    compared,
    goal: '>= 0.91',
    ...compare(results, mine, other),
  })
  return [
    row(
      `deliveries to a room of ${listeners.toLocaleString('en')}, ${many} messages under way, three nodes : one`,
      'three',
      'one',
    ),
    row('the same, one message after the other', 'three, singly', 'one, singly'),
  ]
}
