import { Connection } from './connection.js'
import type { Scope } from './scope.js'

const usualCount = 32

/** What came back in a slice of time. */
export interface Answers {
  readonly count: number
  readonly seconds: number
}

/** Connections that ask for the same thing again and again: each sends its next request when its last is answered. */
export class Load {
  private constructor(
    private readonly connections: readonly Connection[],
    private readonly request: Buffer,
  ) {}

  static async open(scope: Scope, port: number, request: Buffer, count = usualCount): Promise<Load> {
    const connections = await openConnections(scope, port, count)
    return new Load(connections, request)
  }

  /** Keeps the server busy for so many ms, and waits for the answers that are still to come. */
  run(ms: number): Promise<Answers> {
    const start = performance.now()
    const until = start + ms
    let count = 0
    let busy = this.connections.length
    return new Promise((resolve, reject) => {
      const answered = (connection: Connection) => {
        count++
        const now = performance.now()
        if (now < until) connection.send(this.request)
        else if (--busy === 0) resolve({ count, seconds: (now - start) / 1000 })
      }
      for (const connection of this.connections) {
        connection.answered = answered
        connection.failed = reject
        connection.send(this.request)
      }
    })
  }
}

/** More at once would overflow the server's backlog, and wait for a second each. */
const atOnce = 200

/** Opens connections; they close with the scope. */
export async function openConnections(scope: Scope, port: number, count: number): Promise<Connection[]> {
  const connections: Connection[] = []
  scope.onEnd(() => {
    for (const connection of connections) connection.close()
  })
  while (connections.length < count) {
    const group = Array.from({ length: Math.min(atOnce, count - connections.length) }, () => Connection.open(port))
    connections.push(...(await Promise.all(group)))
  }
  return connections
}
