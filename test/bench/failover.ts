import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { ChatClient } from '../../src/client/index.js'
import { startNats, startNode } from './nats.js'
import { freePort } from './servers.js'
import type { Scope } from './scope.js'
import { short } from './spread.js'
import type { Row } from './table.js'
import { within } from './within.js'

const rounds = 10
const people = 20
/** In ms. */
const patience = 60_000
const lookAgainMs = 20
/** Between a start and the next kill, in ms. */
const calmMs = 2000

/** Somebody in a room, by the client, with the times that it has as a rule. */
class Person {
  private onMessage: () => void = () => undefined

  constructor(
    scope: Scope,
    readonly client: ChatClient,
  ) {
    const over = new AbortController()
    scope.onEnd(() => over.abort())
    void this.listen(over.signal)
  }

  /** What is acknowledged and heard from now on. @returns how long it takes, in ms */
  async comesBack(room: string): Promise<{ acknowledgedMs: number; heardMs: number }> {
    const begin = performance.now()
    const sinceBegin = () => performance.now() - begin
    const heard = new Promise<void>((resolve) => (this.onMessage = resolve)).then(sinceBegin)
    const acknowledgedMs = await this.client.send(room, 'Is anybody there?').then(sinceBegin)
    return { acknowledgedMs, heardMs: await heard }
  }

  private async listen(signal: AbortSignal): Promise<void> {
    for await (const { type } of this.client.connect({ signal })) if (type === 'message.created') this.onMessage()
  }
}

/**
 * Clients of two nodes, all of them at the same one, which is killed: how long it takes until each has a message of its own
 * acknowledged, and until it hears one again.
 */
export async function failover(scope: Scope): Promise<Row[]> {
  const nats = await startNats(scope, { servers: 1, syncAlways: true })
  const ports = [await freePort(), await freePort()] as const
  const urls = ports.map((port) => `http://127.0.0.1:${port}`)
  const start = async (index: 0 | 1): Promise<number> => {
    const { pid } = await startNode(scope, nats, { PORT: String(ports[index]) })
    while (!(await fetch(`${urls[index]}/ready`)).ok) await sleep(lookAgainMs)
    return pid
  }
  let pid = await start(0)
  const { all, room } = await gather(scope, urls)
  const times: { acknowledgedMs: number; heardMs: number }[] = []
  for (let round = 1; round <= rounds; round++) {
    const next = await start(round % 2 === 1 ? 1 : 0)
    await sleep(calmMs)
    process.kill(pid, 'SIGKILL')
    times.push(...(await within(patience, 'a failover', Promise.all(all.map((person) => person.comesBack(room))))))
    pid = next
    process.stderr.write(`failover ${round}/${rounds}\n`)
  }
  const measured = (of: (time: (typeof times)[number]) => number): string => {
    const sorted = times.map(of).toSorted((a, b) => a - b)
    const at = (share: number) => short(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN)
    return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`
  }
  const row = (compared: string, of: (time: (typeof times)[number]) => number): Row => ({
    part: 'cluster',
    compared,
    goal: '',
    measured: measured(of),
    absolute: `${times.length} times`,
  })
  return [
    row("from the kill of a client's node to an acknowledgement", ({ acknowledgedMs }) => acknowledgedMs),
    row('from there to the first message that it hears', ({ heardMs }) => heardMs),
  ]
}

/** They come to the first node, since the other one is not there yet. */
async function gather(scope: Scope, baseUrl: readonly string[]): Promise<{ all: readonly Person[]; room: string }> {
  const clients = Array.from({ length: people }, () => new ChatClient({ baseUrl, WebSocket }))
  for (const [number, client] of clients.entries()) await client.register({ username: `p${number}` })
  const participants = clients.slice(1).map((_client, number) => `p${number + 1}`)
  const room = await clients[0]?.createRoom({ participants })
  return { all: clients.map((client) => new Person(scope, client)), room: room?.room_id ?? '' }
}
