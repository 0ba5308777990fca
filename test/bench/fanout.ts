import { besideCentrifugo } from './beside-centrifugo.js'
import { chatRoomStream } from './dialects.js'
import { flood } from './flood.js'
import { gatherChatRoom, gatherSocketIo, gatherWs } from './gather.js'
import { compare, race, type Results } from './race.js'
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
    flood('ws', ws, many),
    flood('Socket.IO', await gatherSocketIo(scope, 100), many),
    flood('chat', chat, many),
    flood('SSE', await gatherChatRoom(scope, 100, chatRoomStream), many),
    flood('ws, few', ws, few),
    flood('chat, few', chat, few),
  ])
  return [
    ...rows(results, 100),
    row(results, `the same, ${few} messages under way : a loop of ws.send`, goals.ws, 'chat, few', 'ws, few'),
    row(results, `the same, ${many} under way, by Server-Sent Events : by WebSocket`, '', 'SSE', 'chat'),
  ]
}

async function toThousand(scope: Scope): Promise<Row[]> {
  const runners = [
    flood('ws', await gatherWs(scope, 1000), many),
    flood('Socket.IO', await gatherSocketIo(scope, 1000), many),
    flood('chat', await gatherChatRoom(scope, 1000), many),
  ]
  // A slice lasts until all is heard, which takes longer here.
  return rows(await race('fan-out to 1,000', runners, 10), 1000)
}

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
