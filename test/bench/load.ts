import { Connection } from './connection.js'
import type { RawConnection } from './raw-connection.js'
import type { Scope } from './scope.js'

const usualCount = 32

/** What came back in a slice of time. */
export interface Answers {
  readonly count: number
  readonly seconds: number
}

/** The request of each connection, or the one of all. */
type Requests = Buffer | ((index: number) => Buffer)

/** Connections that ask for the same thing again and again: each sends its next request when its last is answered. */
export class Load {
  constructor(
    private readonly connections: readonly RawConnection[],
    private readonly requests: Requests,
  ) {}

  static async open(scope: Scope, port: number, requests: Requests, count = usualCount): Promise<Load> {
    return new Load(await openConnections(scope, port, count), requests)
  }

  /** Keeps the server busy for so many ms, and waits for the answers that are still to come. */
  run(ms: number): Promise<Answers> {
    const start = performance.now()
    const until = start + ms
    let count = 0
    let busy = this.connections.length
    return new Promise((resolve, reject) => {
      this.connections.forEach((connection, index) => {
        const request = typeof this.requests === 'function' ? this.requests(index) : this.requests
        connection.answered = () => {
          count++
          const now = performance.now()
          if (now < until) connection.send(request)
          else if (--busy === 0) resolve({ count, seconds: (now - start) / 1000 })
        }
        connection.watch(reject)
        connection.send(request)
      })
    })
  }
}

/** More at once would overflow the server's backlog, and wait for a second each. */
const atOnce = 200

/** Opens connections; they close with the scope. */
export const openConnections = (scope: Scope, port: number, count: number): Promise<Connection[]> =>
  openAll(scope, count, () => Connection.open(port))

/** Opens connections of any kind, not too many at once; they close with the scope. */
export async function openAll<C extends RawConnection>(
  scope: Scope,
  count: number,
  open: (index: number) => Promise<C>,
): Promise<C[]> {
  const connections: C[] = []
  scope.onEnd(() => {
    // Where one could not be opened there is none.
    for (const connection of Object.values(connections)) connection.close()
  })
  const share = async (first: number) => {
    for (let index = first; index < count; index += atOnce) connections[index] = await open(index)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, (_, first) => share(first)))
  return connections
}

/** Sends many requests once each over some connections, and waits for all answers. */
export async function exchangeAll(
  scope: Scope,
  port: number,
  count: number,
  request: (index: number) => Buffer,
): Promise<void> {
  const connections = await openConnections(scope, port, Math.min(usualCount, count))
  const share = async (connection: Connection, first: number) => {
    for (let index = first; index < count; index += connections.length) await connection.exchange(request(index))
  }
  await Promise.all(connections.map(share))
}
