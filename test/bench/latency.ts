import { gatherChatRoom, gatherWs } from './gather.js'
import { compareLateness } from './lateness.js'
import { inScope } from './scope.js'
import type { Row } from './table.js'

/** A room, and how many messages a second it has: so few that each is told before the next one comes. */
const rooms = [
  { size: 100, rate: 20 },
  { size: 1000, rate: 5 },
]

/** From the send to the arrival at each listener, where nothing is in a hurry. */
export async function latency(): Promise<Row[]> {
  const rows: Row[] = []
  for (const room of rooms) rows.push(...(await latencyIn(room)))
  return rows
}

const latencyIn = ({ size, rate }: (typeof rooms)[number]): Promise<Row[]> =>
  inScope(async (scope) => {
    const chat = { name: 'chat', audience: await gatherChatRoom(scope, size), rate }
    const ws = { name: 'ws', audience: await gatherWs(scope, size), rate }
    const compared = `the way to a room of ${size.toLocaleString('en')}, ${rate} messages a second : a loop of ws.send`
    return compareLateness({ part: 'latency', compared, goal: '<= 1' }, chat, ws)
  })
