import type { Audience } from './audience.js'
import { Load, type Answers } from './load.js'
import type { Scope } from './scope.js'
import { within } from './within.js'

/** In ms. */
const patience = 30_000

/** Messages to an audience by HTTP, each sender with its next when its last is answered; what is counted is each at each listener. */
export class Posted {
  private constructor(
    private readonly audience: Audience,
    private readonly load: Load,
  ) {}

  static async open(scope: Scope, audience: Audience, request: Buffer, senders: number): Promise<Posted> {
    return new Posted(audience, await Load.open(scope, audience.server.port, request, senders))
  }

  /** Sends for so many ms, and waits until all is heard. */
  async run(ms: number): Promise<Answers> {
    const { audience } = this
    const start = performance.now()
    const failed = new Promise<never>((_resolve, reject) => audience.hear(() => undefined, reject))
    const { count } = await Promise.race([this.load.run(ms), failed])
    audience.sent += count
    await within(patience, 'what was sent', Promise.race([this.heard(), failed]))
    return { count: count * audience.size, seconds: (performance.now() - start) / 1000 }
  }

  private async heard(): Promise<void> {
    while (!this.audience.hasHeardAll) await new Promise((resolve) => setImmediate(resolve))
  }
}
