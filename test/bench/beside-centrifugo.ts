import { Audience } from './audience.js'
import { centrifugoPublish, gatherCentrifugo } from './centrifugo.js'
import { Flood } from './flood.js'
import { gatherChatRoom } from './gather.js'
import { Posted } from './posted.js'
import { compare, race, type Runner } from './race.js'
import { messageText, post } from './requests.js'
import { inScope, type Scope } from './scope.js'
import { leftOut, type Row } from './table.js'

/** Messages under way: many, so that there is always a next one, and few. */
const [many, few] = [64, 8]
const goals = { many: '>= 1.5', few: '>= 1.2', thousand: '>= 2.5' }
const chatPost = post('/send', { sender: 'guest_0', recipient: 'room_1', message: messageText(1) })

/** How messages get to an audience. */
interface Way {
  readonly name: string
  readonly goal: string
  readonly load: (scope: Scope, audience: Audience, request: Buffer) => Promise<Runner['load']>
}

const flood = (underWay: number, goal: string): Way => ({
  name: `${underWay} messages under way`,
  goal,
  load: async (_scope, audience) => new Flood(audience, underWay),
})

const posts: Way = {
  name: `${few} POST requests under way`,
  goal: goals.few,
  load: (scope, audience, request) => Posted.open(scope, audience, request, few),
}

/** Messages to a room, beside as many in a channel of Centrifugo. */
export const besideCentrifugo = async (): Promise<Row[]> => [
  ...(await inScope((scope) => compareAt(scope, 100, 20, [flood(many, goals.many), flood(few, goals.few), posts]))),
  ...(await inScope((scope) => compareAt(scope, 1000, 10, [flood(many, goals.thousand)]))),
]

async function compareAt(scope: Scope, size: number, rounds: number, ways: readonly Way[]): Promise<Row[]> {
  const centrifugo = await gatherCentrifugo(scope, size)
  if (!(centrifugo instanceof Audience)) return [leftOut('fanout', centrifugo.missing)]
  const chat = await gatherChatRoom(scope, size)
  const runners: Runner[] = []
  for (const { name, load } of ways)
    runners.push(
      { name: `chat, ${name}`, pids: chat.pids, load: await load(scope, chat, chatPost) },
      {
        name: `Centrifugo, ${name}`,
        pids: centrifugo.pids,
        load: await load(scope, centrifugo, centrifugoPublish),
      },
    )
  const results = await race(`fan-out to ${size}, Centrifugo`, runners, rounds)
  return ways.map(({ name, goal }) => ({
    part: 'fanout',
    compared: `deliveries to a room of ${size.toLocaleString('en')}, ${name} : Centrifugo`,
    goal,
    ...compare(results, `chat, ${name}`, `Centrifugo, ${name}`),
  }))
}
