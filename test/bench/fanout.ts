import type { Audience } from './audience.js'
import { besideCentrifugo } from './beside-centrifugo.js'
import { chatRoomStream } from './dialects.js'
import { Flood } from './flood.js'
import { gatherChatRoom, gatherSocketIo, gatherWs } from './gather.js'
import { compare, race, type Results, type Runner } from './race.js'
import { inScope, type Scope } from './scope.js'
import type { Row } from './table.js'

/** Messages under way: many, so that there is always a next one, and few. */
const [many, few] = [64, 8]
const goals = { ws: '>= 2.5', socketIo: '>= 3.5' }

/** Messages to a room, as fast as all who are in it hear them; for each size with new servers. */
export const fanout = async (): Promise<Row[]> => [
  ...(await inScope(toHundred)),
  ...(await inScope(toThousand)),
  ...(await besideCentrifugo()),
]

async function toHundred(scope: Scope): Promise<Row[]> {
  const [ws, chat] = [await gatherWs(scope, 100), await gatherChatRoom(scope, 100)]
  const results = await race('fan-out to 100', [
    runner('ws', ws, many),
    runner('Socket.IO', await gatherSocketIo(scope, 100), many),
    runner('chat', chat, many),
    runner('SSE', await gatherChatRoom(scope, 100, chatRoomStream), many),
    runner('ws, few', ws, few),
    runner('chat, few', chat, few),
  ])
  return [
    ...rows(results, 100),
    row(results, `the same, ${few} messages under way : a loop of ws.send`, goals.ws, 'chat, few', 'ws, few'),
    row(results, `the same, ${many} under way, by Server-Sent Events : by WebSocket`, '', 'SSE', 'chat'),
  ]
}

async function toThousand(scope: Scope): Promise<Row[]> {
  const runners = [
    runner('ws', await gatherWs(scope, 1000), many),
    runner('Socket.IO', await gatherSocketIo(scope, 1000), many),
    runner('chat', await gatherChatRoom(scope, 1000), many),
  ]
  // A slice lasts until all is heard, which takes longer here.
  return rows(await race('fan-out to 1,000', runners, 10), 1000)
}

const runner = (name: string, audience: Audience, window: number): Runner => ({
  name,
  pids: audience.pids,
  load: new Flood(audience, window),
})

const rows = (results: Results, size: number): Row[] => [
  row(
    results,
    `deliveries to a room of ${size.toLocaleString('en')}, ${many} messages under way : a loop of ws.send`,
    goals.ws,
    'chat',
    'ws',
  ),
  row(results, 'the same : Socket.IO', goals.socketIo, 'chat', 'Socket.IO'),
]

const row = (results: Results, compared: string, goal: string, one: string, other: string): Row => ({
  part: 'fanout',
  compared,
  goal,
  ...compare(results, one, other),
})
