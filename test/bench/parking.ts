import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from './connection.js'
import { openConnections } from './load.js'
import { cpuSeconds, residentBytes } from './machine.js'
import { becomesQuiet } from './quiet.js'
import type { Scope } from './scope.js'
import type { Server } from './servers.js'

/** Requests that a server holds until another one wakes them. */
export interface Parking {
  readonly count: number
  /** The request of one connection, after so many wakes. */
  poll(index: number, wake: number): Buffer
  readonly wake: Buffer
}

export interface ParkedCost {
  /** From the waking request to the last answer, in ms. */
  readonly wakes: readonly number[]
  /** The server's CPU time for the same, in ms. */
  readonly wakesCpu: readonly number[]
  /** Resident memory of a parked request with its connection; none if it is not known, as what follows. */
  readonly bytes: readonly number[]
  /** The part of a core that is taken while nothing happens. */
  readonly idle: readonly number[]
}

const wakesOfServer = 4
const idleSeconds = 2

/** Parks all, looks at what they cost, and wakes them some times. */
export async function parkedCost(scope: Scope, server: Server, parking: Parking): Promise<ParkedCost> {
  const [waker] = (await openConnections(scope, server.port, 1)) as [Connection]
  await becomesQuiet(server.pid, waker)
  const before = residentBytes(server.pid)
  const connections = await openConnections(scope, server.port, parking.count)
  const wakes: Wake[] = []
  let held: Held = { bytes: [], idle: [] }
  for (let wake = 0; wake < wakesOfServer; wake++) {
    const answers = park(connections, parking, wake)
    await becomesQuiet(server.pid, waker)
    if (wake === 0) held = await heldCost(server.pid, before, parking.count)
    wakes.push(await wakeAll(server.pid, () => waker.exchange(parking.wake), answers))
  }
  // The first is that of code that has not run yet.
  const warm = wakes.slice(1)
  return { ...held, wakes: warm.map(({ ms }) => ms), wakesCpu: warm.flatMap(({ cpu }) => cpu) }
}

interface Wake {
  readonly ms: number
  /** None if it is not known. */
  readonly cpu: readonly number[]
}

async function wakeAll(pid: number, wake: () => Promise<void>, answers: Promise<void>): Promise<Wake> {
  const start = performance.now()
  const before = cpuSeconds(pid)
  await Promise.all([wake(), answers])
  const ms = performance.now() - start
  const after = cpuSeconds(pid)
  return { ms, cpu: before !== undefined && after !== undefined ? [(after - before) * 1000] : [] }
}

type Held = Pick<ParkedCost, 'bytes' | 'idle'>

/** What they cost while nothing happens. */
async function heldCost(pid: number, bytesBefore: number | undefined, count: number): Promise<Held> {
  const bytes = residentBytes(pid)
  const before = cpuSeconds(pid)
  await sleep(idleSeconds * 1000)
  const after = cpuSeconds(pid)
  return {
    bytes: bytes !== undefined && bytesBefore !== undefined ? [(bytes - bytesBefore) / count] : [],
    idle: before !== undefined && after !== undefined ? [(after - before) / idleSeconds] : [],
  }
}

/** Sends every poll. @returns what settles when the last is answered. */
function park(connections: readonly Connection[], parking: Parking, wake: number): Promise<void> {
  let waiting = connections.length
  const answered = new Promise<void>((resolve, reject) => {
    for (const connection of connections) {
      connection.watch(reject)
      connection.answered = () => {
        if (--waiting === 0) resolve()
      }
    }
  })
  // A failure is told by whoever awaits it; until then it is no unhandled one.
  answered.catch(() => undefined)
  connections.forEach((connection, index) => {
    connection.send(parking.poll(index, wake))
  })
  return answered
}
