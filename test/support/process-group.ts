import { existsSync, readFileSync } from 'node:fs'
import { Agent, request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import type { Test } from 'tap'
import type { Answer } from './remote.js'
import { until } from './remote.js'
import type { Server } from './server.js'

/** A process that serves, as Linux shows it. */
export interface Member {
  readonly pid: number
  readonly isOwner: boolean
}

/** The processes that a server of several has now. */
export function membersOf({ process: { pid } }: Server): Member[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return children.flatMap((child) => {
    const words = read(`/proc/${child}/cmdline`)
    return words.includes('--owner') || words.includes('--follower')
      ? [{ pid: child, isOwner: words.includes('--owner') }]
      : []
  })
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // It has just ended.
    return ''
  }
}

export const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`)

/** A connection to one of the processes, kept for one request after another. */
export class Connection {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 })

  private constructor(private readonly url: string) {}

  /** Opens one to the owner, and one to a process that follows: each request is logged with the process that has answered it. */
  static async toEach(t: Test, server: Server): Promise<{ owner: Connection; follower: Connection }> {
    const [owner, follower] = [await Connection.to(t, server, true), await Connection.to(t, server, false)]
    return { owner, follower }
  }

  private static async to(t: Test, server: Server, isOwner: boolean): Promise<Connection> {
    for (;;) {
      const connection = new Connection(server.url)
      const path = `/who-${Math.random()}`
      await connection.get(path)
      await until(() => server.output().includes(path))
      const line = server
        .output()
        .split('\n')
        .find((text) => text.includes(path))
      const { pid } = JSON.parse(line ?? '') as { pid: number }
      t.teardown(() => connection.close())
      if (membersOf(server).some((member) => member.pid === pid && member.isOwner === isOwner)) return connection
    }
  }

  get(path: string): Promise<Answer> {
    return this.ask('GET', path)
  }

  post(path: string, body: object): Promise<Answer> {
    return this.ask('POST', path, body)
  }

  async ask(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await this.open(method, path, body, headers)
    let text = ''
    for await (const part of response) text += String(part)
    return { status: response.statusCode ?? 0, body: JSON.parse(text) as Answer['body'] }
  }

  /** Listens here, as a user; nothing else can be asked from then on. @returns what has come so far */
  async listen(username: string): Promise<() => string> {
    const response = await this.open('GET', `/events?username=${username}`, undefined, { accept: 'text/event-stream' })
    let text = ''
    response.on('error', () => undefined)
    response.setEncoding('utf8').on('data', (part: string) => (text += part))
    await until(() => text.includes('event: hello') || text.includes('"hello"'))
    return () => text
  }

  close(): void {
    this.agent.destroy()
  }

  private async open(
    method: string,
    path: string,
    body: object | undefined,
    headers: Record<string, string>,
  ): Promise<IncomingMessage> {
    const asked = request(this.url + path, {
      method,
      agent: this.agent,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    })
    asked.end(body && JSON.stringify(body))
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return response
  }
}
