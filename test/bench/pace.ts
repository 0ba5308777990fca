import { setTimeout as sleep } from 'node:timers/promises'
import type { Audience } from './audience.js'
import { within } from './within.js'

/** In ms. */
const patience = 10_000

/** Messages to an audience at a pace that leaves the server idle in between. */
export class Pace {
  constructor(
    private readonly audience: Audience,
    /** Messages a second. */
    private readonly rate: number,
  ) {}

  /** Sends for so many ms. @returns how late each message was at each listener, in ms, the shortest first */
  async run(ms: number): Promise<Float64Array> {
    const { audience } = this
    const first = audience.sent
    const sentAt = new Float64Array(Math.round((this.rate * ms) / 1000))
    const delays = new Float64Array(sentAt.length * audience.size)
    let arrived = 0
    const done = new Promise<void>((resolve, reject) => {
      audience.hear(({ messages }, count) => {
        const now = performance.now()
        for (let number = messages - count; number < messages; number++)
          delays[arrived++] = now - (sentAt[number - first] ?? Number.NaN)
        if (arrived === delays.length) resolve()
      }, reject)
    })
    // A failure is told by whoever awaits it; until then it is no unhandled one.
    done.catch(() => undefined)
    await this.send(sentAt)
    await within(patience, 'what was sent', done)
    audience.check()
    return delays.sort()
  }

  private async send(sentAt: Float64Array): Promise<void> {
    const start = performance.now()
    for (let index = 0; index < sentAt.length; index++) {
      await sleep(Math.max(0, start + (index * 1000) / this.rate - performance.now()))
      sentAt[index] = performance.now()
      this.audience.send(1)
    }
  }
}
