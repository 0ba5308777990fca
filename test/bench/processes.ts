import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from './connection.js'
import { flood } from './flood.js'
import { gatherIn } from './gather.js'
import { Load } from './load.js'
import { childrenOf, cpuSeconds } from './machine.js'
import { compare, race, type Runner } from './race.js'
import { ask, get, messageText, post } from './requests.js'
import type { Scope } from './scope.js'
import { startChatRoom, startDurable, type Server } from './servers.js'
import { leftOut, type Row } from './table.js'

const size = 200
const goals = { deliveries: '>= 0.87', sends: '>= 0.8' }
/**
 * Messages under way: so many that there is always a next one, and one alone. What comes at once goes to a listener in one
 * write, which takes the most of the CPU; each process has its own, of what comes to it. So one alone shows what a process more
 * costs, and many what it is to write less at a time.
 */
const [many, one] = [64, 1]
const senders = 32
/** Requests that show by their CPU time which process a connection has come to. */
const probes = 50
const lookAgainMs = 50

/**
 * Two processes on one folder, and one. All have one core together, so what is compared is what the work costs; that it is
 * spread over cores does not show.
 */
export async function processes(scope: Scope): Promise<Row[]> {
  if (cpuSeconds(process.pid) === undefined) return [leftOut('processes', 'there is no /proc')]
  const [single, double] = [await startDurable(scope), await startTwo(scope)]
  const [aloneIn, sharedIn] = [await gatherIn(scope, [single], size), await gatherIn(scope, [double], size)]
  const results = await race('processes', [
    flood('one', aloneIn, many),
    flood('two', sharedIn, many),
    flood('one, singly', aloneIn, one),
    flood('two, singly', sharedIn, one),
    ...(await sendersAt(scope, double)),
  ])
  const row = (compared: string, goal: string, mine: string, other: string): Row => ({
    part: 'processes',
    compared,
    goal,
    ...compare(results, mine, other),
  })
  return [
    row(
      `deliveries to a room of ${size}, ${many} messages under way, two processes : one`,
      goals.deliveries,
      'two',
      'one',
    ),
    row('the same, one message after the other', goals.deliveries, 'two, singly', 'one, singly'),
    row('POST /send of 32 clients at a process that follows : at the owner', goals.sends, 'follower', 'owner'),
  ]
}

/** Waits until both serve. */
async function startTwo(scope: Scope): Promise<Server> {
  const server = await startChatRoom(scope, { CHATROOM_DATA: 'data', CHATROOM_PROCESSES: '2' })
  const serving = new Set<number>()
  while (serving.size < 2) {
    const { connection, pid } = await connect(server)
    serving.add(pid)
    connection.close()
    await sleep(lookAgainMs)
  }
  return server
}

/** As many clients at each of the processes. */
async function sendersAt(scope: Scope, server: Server): Promise<Runner[]> {
  for (const username of ['alice', 'bob']) await ask(server.port, '/register', { username })
  const request = post('/send', { sender: 'alice', recipient: 'bob', message: messageText(1) })
  // The first that was started.
  const owner = Math.min(...childrenOf(server.pid))
  const at: Record<'owner' | 'follower', Connection[]> = { owner: [], follower: [] }
  scope.onEnd(() => {
    for (const connection of [...at.owner, ...at.follower]) connection.close()
  })
  while (Math.min(at.owner.length, at.follower.length) < senders) {
    const { connection, pid } = await connect(server)
    at[pid === owner ? 'owner' : 'follower'].push(connection)
  }
  return Object.entries(at).map(([name, connections]) => ({
    name,
    pids: [server.pid],
    load: new Load(connections.slice(0, senders), request),
  }))
}

/** Opens a connection, and looks which of the processes has it. */
async function connect({ port, pid }: Server): Promise<{ connection: Connection; pid: number }> {
  const connection = await Connection.open(port)
  const before = childrenOf(pid).map((child) => ({ child, seconds: cpuSeconds(child) ?? 0 }))
  for (let probe = 0; probe < probes; probe++) await connection.exchange(get('/health'))
  const used = before.map(({ child, seconds }) => ({ child, seconds: (cpuSeconds(child) ?? 0) - seconds }))
  const [busiest] = used.toSorted((a, b) => b.seconds - a.seconds)
  return { connection, pid: busiest?.child ?? 0 }
}
