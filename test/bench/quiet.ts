import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from './connection.js'
import { cpuSeconds } from './machine.js'
import { get } from './requests.js'

const probe = get('/health')
/** A server that takes no more than this many seconds of CPU, about a tick of /proc, in this many ms, is quiet. */
const tick = 0.011
const quiet = 250
/** How long it takes to be quiet where the CPU time is not known, in ms. */
const blindWait = 3000

/**
 * Waits until the server has nothing more to do: what it holds says nothing of itself. That the probe is answered before
 * and after tells a server that has nothing to do from one that was given no time to do it.
 */
export async function becomesQuiet(pid: number, prober: Connection): Promise<void> {
  for (let used = Infinity; used > tick;) {
    await prober.exchange(probe)
    const before = cpuSeconds(pid)
    await sleep(before === undefined ? blindWait : quiet)
    await prober.exchange(probe)
    used = (cpuSeconds(pid) ?? 0) - (before ?? 0)
  }
}
