import { unreachable } from './chatroom-error.js'
import { Connection } from './connection.js'
import type { Rung } from './ladder.js'

/** Finds out, after a while, whether one of several transports works. */
export class Probe {
  #connection: Connection | undefined
  readonly #timer: ReturnType<typeof setTimeout>
  #ended = false

  /**
   * @param url Where the server is.
   * @param pause When to begin, in ms.
   * @param patience How long each may take, in ms.
   * @param tell Told the first that works, if there is one.
   */
  constructor(
    private readonly rungs: readonly Rung[],
    private readonly url: string,
    pause: number,
    private readonly patience: number,
    tell: (rung: Rung | undefined) => void,
  ) {
    this.#timer = setTimeout(() => void this.#look(tell), pause)
  }

  end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
    this.#connection?.end(unreachable())
  }

  async #look(tell: (rung: Rung | undefined) => void): Promise<void> {
    const rung = await this.#find()
    if (!this.#ended) tell(rung)
  }

  async #find(): Promise<Rung | undefined> {
    for (const rung of this.rungs) {
      if (this.#ended) break
      if (await this.#works(rung)) return rung
    }
    return undefined
  }

  /** Opens a connection, and ends it as soon as it has brought something. */
  async #works({ transport }: Rung): Promise<boolean> {
    const end = (): void => connection.end(unreachable())
    const connection = new Connection(
      transport,
      this.url,
      undefined,
      { hello: end, event: end, passed: end },
      this.patience,
    )
    this.#connection = connection
    await connection.ended
    return connection.hello !== undefined
  }
}
