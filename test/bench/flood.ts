import type { Audience } from './audience.js'
import type { Answers } from './load.js'
import type { Runner } from './race.js'
import { within } from './within.js'

/** In ms. */
const patience = 30_000

/** Messages to an audience as fast as all of it hears them; what is counted is each message at each listener. */
export class Flood {
  /** How often each message under way was heard, at its number modulo the window. */
  private readonly heard: Uint32Array
  /** Messages that all have heard: each hears them in the same order, so they are the first ones. */
  private complete = 0

  constructor(
    private readonly audience: Audience,
    /** Messages under way at most: one that all have heard makes room for the next. So no queue grows without bound. */
    private readonly window: number,
  ) {
    this.heard = new Uint32Array(window)
  }

  /** Sends for so many ms, and waits until all is heard. */
  async run(ms: number): Promise<Answers> {
    const { audience } = this
    const start = performance.now()
    const [before, until] = [audience.sent, start + ms]
    this.complete = before
    const done = new Promise<void>((resolve, reject) => {
      audience.hear(({ messages }, count) => {
        this.count(messages - count, messages)
        if (performance.now() < until) this.fill()
        else if (this.complete === audience.sent) resolve()
      }, reject)
    })
    this.fill()
    await within(ms + patience, 'what was sent', done)
    audience.check()
    return { count: (this.complete - before) * audience.size, seconds: (performance.now() - start) / 1000 }
  }

  private fill(): void {
    const free = this.complete + this.window - this.audience.sent
    if (free > 0) this.audience.send(free)
  }

  private count(first: number, end: number): void {
    for (let number = first; number < end; number++) {
      const slot = number % this.window
      const times = (this.heard[slot] ?? 0) + 1
      this.heard[slot] = times === this.audience.size ? 0 : times
      if (times === this.audience.size) this.complete++
    }
  }
}

/** A flood as one of a race. */
export const flood = (name: string, audience: Audience, window: number): Runner => ({
  name,
  pids: audience.pids,
  load: new Flood(audience, window),
})
