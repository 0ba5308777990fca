import { Load } from './load.js'
import { ask, messageText, post } from './requests.js'
import type { Scope } from './scope.js'
import { startWatched } from './servers.js'
import { short, shown, spreadOf } from './spread.js'
import type { Row } from './table.js'

const rounds = 10
/** In ms. */
const slice = 1000
const clients = 32

/** How late the server's event loop is under load, with all on disk and with nothing. */
export async function delay(scope: Scope): Promise<Row> {
  const durable = await watched(scope, 'data')
  const memory = await watched(scope, ':memory:')
  const delays: { durable: number; memory: number }[] = []
  for (let round = 0; round <= rounds; round++) {
    const both = { durable: await durable(), memory: await memory() }
    // The first is to warm up.
    if (round > 0) delays.push(both)
    process.stderr.write(
      `delay ${round}/${rounds}: durable ${short(both.durable)} ms, memory ${short(both.memory)} ms\n`,
    )
  }
  const median = (of: (one: (typeof delays)[number]) => number) => short(spreadOf(delays.map(of)).median)
  return {
    part: 'durable',
    compared: `event-loop delay, p99, under POST /send of ${clients} clients : in memory`,
    goal: '1',
    measured: shown(spreadOf(delays.map((one) => one.durable / one.memory))),
    absolute: `${median((one) => one.durable)} ms; in memory ${median((one) => one.memory)} ms`,
  }
}

/** Puts a server under load for a slice, and gives the p99 of its event loop's delay, in ms. */
async function watched(scope: Scope, data: string): Promise<() => Promise<number>> {
  const server = await startWatched(scope, data)
  for (const username of ['alice', 'bob']) await ask(server.port, '/register', { username })
  const request = post('/send', { sender: 'alice', recipient: 'bob', message: messageText(1) })
  const load = await Load.open(scope, server.port, request, clients)
  return async () => {
    await server.delay()
    await load.run(slice)
    return (await server.delay()).p99
  }
}
