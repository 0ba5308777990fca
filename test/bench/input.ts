import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { SettingsSchema } from '../../schemas/settings.js'
import { frames, operations, type Operation } from '../support/operations.js'
import { worstBodies, worstQueries } from '../support/worst-inputs.js'
import { cpuSeconds } from './machine.js'
import { register } from './populate.js'
import type { Scope } from './scope.js'
import { startChatRoom, type Server } from './servers.js'
import { short, spreadOf } from './spread.js'
import type { Row } from './table.js'

const goal = '<= 20 ms'
const rounds = 3
const operatorToken = 'the operator of this bench'.replaceAll(' ', '-')
const bodyBytes = Number(SettingsSchema.properties.CHATROOM_BODY_LIMIT['default'])
const frameBytes = Number(SettingsSchema.properties.CHATROOM_FRAME_LIMIT['default'])
/** A head may have 16 KiB, and what else is in it is short. */
const queryBytes = 15_000

/** What one input costs. */
type Try = readonly [name: string, act: () => Promise<unknown>]

/** The worst that fits into a body, a query and a frame, for each operation and frame: what it costs the server. */
export async function input(scope: Scope): Promise<Row[]> {
  const settings = { CHATROOM_PASSWORD_RATE_LIMIT: '0', CHATROOM_OPERATOR_TOKEN: operatorToken }
  const server = await startChatRoom(scope, settings)
  await register(scope, server.port, ['alice', 'bob'])
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  scope.onEnd(() => agent.destroy())
  const rows: Row[] = []
  for (const operation of operations())
    rows.push(await worstOf(server, `${operation.method} ${operation.path}`, tries(server, agent, operation)))
  const webSocket = new WebSocket(`ws://127.0.0.1:${server.port}/ws?username=alice`)
  scope.onEnd(() => webSocket.terminate())
  await once(webSocket, 'message')
  for (const { type, fields } of frames()) {
    const say = (frame: string | Buffer) => {
      const answer = once(webSocket, 'message')
      webSocket.send(frame.toString())
      return answer
    }
    const all = Object.entries(worstBodies).map(([shape, fill]): Try => [shape, () => say(fill(frameBytes, fields))])
    rows.push(await worstOf(server, `the frame ${type}`, all))
  }
  return rows
}

function tries(server: Server, agent: Agent, { method, path, body, query }: Operation): Try[] {
  const ask = (target: string, bytes?: string | Buffer) => exchange(server, agent, method, target, bytes)
  const bodies = Object.entries(worstBodies).flatMap(([shape, fill]): Try[] => {
    const bytes = body && fill(bodyBytes, body)
    // What is right is another matter: to hash a password is meant to be slow.
    return bytes === undefined || bytes === JSON.stringify(body?.right) ? [] : [[shape, () => ask(path, bytes)]]
  })
  const queries = Object.entries(worstQueries).map(([shape, fill]): Try => {
    const target = `${path}?${fill(queryBytes, query)}`
    return [`${shape} in the query`, () => ask(target)]
  })
  return [...bodies, ...queries]
}

async function worstOf({ pid }: Server, name: string, all: readonly Try[]): Promise<Row> {
  const costs: { shape: string; ms: number }[] = []
  for (const [shape, act] of all) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const before = cpuSeconds(pid) ?? 0
      await act()
      times.push(((cpuSeconds(pid) ?? 0) - before) * 1000)
    }
    costs.push({ shape, ms: spreadOf(times).median })
  }
  const [worst, second] = costs.toSorted((a, b) => b.ms - a.ms)
  process.stderr.write(`input: ${name}: ${worst?.shape} ${short(worst?.ms ?? 0)} ms\n`)
  return {
    part: 'input',
    compared: `the worst of ${all.length} inputs to ${name}`,
    goal,
    measured: '',
    cpu: `${short(worst?.ms ?? 0)} ms`,
    absolute: `${worst?.shape}; then ${second?.shape} ${short(second?.ms ?? 0)} ms`,
  }
}

/** Asks, and waits until the answer is over, whatever it is. */
async function exchange(
  { port }: Server,
  agent: Agent,
  method: string,
  path: string,
  body: string | Buffer | undefined,
): Promise<void> {
  const headers = {
    ...(path.startsWith('/announcement') && { authorization: `Bearer ${operatorToken}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  const asking = httpRequest({ host: '127.0.0.1', port, method, path, agent, headers })
  asking.end(body)
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  await once(answer.resume(), 'end')
}
