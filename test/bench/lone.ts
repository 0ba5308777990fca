import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Load } from './load.js'
import { ask, messageText, post } from './requests.js'
import type { Scope } from './scope.js'
import { startChatRoom, startDurable, type Server } from './servers.js'
import { short, shown, spreadOf } from './spread.js'
import type { Row } from './table.js'

const rounds = 20
/** In ms. */
const slice = 300
/** What a command comes to in the log, about. */
const bytes = Buffer.alloc(200, 'x')

/** What one client waits for who sends one message after the other, against what the disk alone takes. */
export async function lone(scope: Scope): Promise<Row> {
  const disk = bareDisk(scope)
  const durable = await sender(scope, await startDurable(scope))
  const memory = await sender(scope, await startChatRoom(scope))
  const waits: { disk: number; durable: number; memory: number }[] = []
  for (let round = 1; round <= rounds; round++) {
    const wait = { disk: disk(), durable: await durable(), memory: await memory() }
    waits.push(wait)
    process.stderr.write(`lone ${round}/${rounds}: ${said(wait)}\n`)
  }
  const median = (of: (wait: (typeof waits)[number]) => number) => short(spreadOf(waits.map(of)).median * 1000)
  return {
    part: 'durable',
    compared: 'latency of a lone POST /send : that of a write and fdatasync of 200 bytes',
    goal: '<= 1.5',
    measured: shown(spreadOf(waits.map((wait) => wait.durable / wait.disk))),
    absolute: `${median(({ durable: ms }) => ms)} µs; disk ${median(({ disk: ms }) => ms)} µs; in memory ${median(({ memory: ms }) => ms)} µs`,
  }
}

const said = (wait: Readonly<Record<string, number>>): string =>
  Object.entries(wait)
    .map(([name, ms]) => `${name} ${short(ms * 1000)} µs`)
    .join(', ')

/** Sends one message after the other for a slice, and gives how long one takes, in ms. */
async function sender(scope: Scope, { port }: Server): Promise<() => Promise<number>> {
  for (const username of ['alice', 'bob']) await ask(port, '/register', { username })
  const request = post('/send', { sender: 'alice', recipient: 'bob', message: messageText(1) })
  const load = await Load.open(scope, port, request, 1)
  await load.run(slice)
  return async () => {
    const { count, seconds } = await load.run(slice)
    return (seconds * 1000) / count
  }
}

/** Appends to a file and syncs it, again and again for a slice, and gives how long that takes, in ms. */
function bareDisk(scope: Scope): () => number {
  const file = join(tmpdir(), `chatroom-bench-${process.pid}`)
  const descriptor = openSync(file, 'w')
  scope.onEnd(() => {
    closeSync(descriptor)
    rmSync(file)
  })
  return () => {
    const start = performance.now()
    let count = 0
    while (performance.now() - start < slice) {
      writeSync(descriptor, bytes)
      fdatasyncSync(descriptor)
      count++
    }
    return (performance.now() - start) / count
  }
}
