import { chatRoomSocket } from './dialects.js'
import { gatherChatRoom, gatherIn } from './gather.js'
import { compareLateness } from './lateness.js'
import { listenAll } from './listener.js'
import { openConnections } from './load.js'
import { cpuSeconds, mostConnections, residentBytes } from './machine.js'
import { names, register } from './populate.js'
import { becomesQuiet } from './quiet.js'
import { inScope, type Scope } from './scope.js'
import { startChatRoom, startWs, type Server } from './servers.js'
import { short, shown, spreadOf, type Spread } from './spread.js'
import type { Row } from './table.js'

const wanted = 10_000
const busy = 100
/** Messages a second to those who are busy. */
const rate = 20
const rounds = 3

/** What a connection of which nothing is heard takes. */
interface IdleCost {
  /** KiB of resident memory; not a number if it is not known, as what follows. */
  readonly memory: number
  /** µs of the server's CPU time to open it. */
  readonly opening: number
}

/** Connections of users who listen and hear nothing, and what the others notice of them. */
export async function connections(): Promise<Row[]> {
  const count = Math.min(wanted, mostConnections() - busy)
  const chat: IdleCost[] = []
  const ws: IdleCost[] = []
  for (let round = 1; round <= rounds; round++) {
    // One after the other: both at once would take twice the open files. New servers, so that memory begins anew.
    chat.push(await inScope((scope) => chatRoomCost(scope, count)))
    ws.push(await inScope(async (scope) => idleCost(scope, await startWs(scope), names('idle', count))))
    process.stderr.write(`connections ${round}/${rounds}: chat ${said(chat.at(-1))}; ws ${said(ws.at(-1))}\n`)
  }
  return [...costRows(count, chat, ws), ...(await inScope((scope) => besideIdle(scope, count)))]
}

async function chatRoomCost(scope: Scope, count: number): Promise<IdleCost> {
  const server = await startChatRoom(scope)
  const usernames = names('idle', count)
  await register(scope, server.port, usernames)
  return idleCost(scope, server, usernames)
}

async function idleCost(scope: Scope, server: Server, usernames: readonly string[]): Promise<IdleCost> {
  const [prober] = await openConnections(scope, server.port, 1)
  if (!prober) throw new Error('there is no connection to look with')
  const cost = async () => {
    await becomesQuiet(server.pid, prober)
    return { memory: residentBytes(server.pid) ?? Number.NaN, cpu: cpuSeconds(server.pid) ?? Number.NaN }
  }
  const before = await cost()
  await listenAll(scope, server.port, usernames, chatRoomSocket)
  const after = await cost()
  const each = (total: number) => total / usernames.length
  return { memory: each(after.memory - before.memory) / 1024, opening: each(after.cpu - before.cpu) * 1e6 }
}

/** A room at a modest pace, with and without others who are connected and have no part in it. */
async function besideIdle(scope: Scope, count: number): Promise<Row[]> {
  const server = await startChatRoom(scope)
  const usernames = names('idle', count)
  await register(scope, server.port, usernames)
  await listenAll(scope, server.port, usernames, chatRoomSocket)
  const beside = { name: 'beside them', audience: await gatherIn(scope, [server], busy), rate }
  const alone = { name: 'alone', audience: await gatherChatRoom(scope, busy), rate }
  const compared = `the way to a room of ${busy}, ${rate} messages a second, beside ${count.toLocaleString('en')} idle connections : without them`
  return compareLateness({ part: 'connections', compared, goal: '1' }, beside, alone)
}

const said = (cost: IdleCost | undefined): string =>
  cost ? `${short(cost.memory)} KiB each, ${short(cost.opening)} µs CPU to open` : ''

function costRows(count: number, chat: readonly IdleCost[], ws: readonly IdleCost[]): Row[] {
  const row = (compared: string, goal: string, which: keyof IdleCost, unit: string): Row => {
    const all = (costs: readonly IdleCost[]): Spread => spreadOf(costs.map((cost) => cost[which]))
    const ratios = chat.map((cost, round) => cost[which] / (ws[round]?.[which] ?? Number.NaN))
    return {
      part: 'connections',
      compared: `${compared} : a bare server of ws`,
      goal,
      measured: shown(spreadOf(ratios)),
      absolute: `chat ${shown(all(chat))} ${unit}; ws ${shown(all(ws))} ${unit}`,
    }
  }
  return [
    row(`resident memory of each of ${count.toLocaleString('en')} idle WebSockets`, '<= 1.3', 'memory', 'KiB'),
    row('CPU to open each of them', '', 'opening', 'µs'),
  ]
}
