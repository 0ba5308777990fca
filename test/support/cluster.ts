import { join } from 'node:path'
import { mkdir } from 'node:fs/promises'
import type { Test } from 'tap'
import { freePort } from './free-port.js'
import { startNats, type Nats, type NatsOptions } from './nats.js'
import { get, until } from './remote.js'
import { startIn, type Server } from './server.js'
import { TcpProxy } from './tcp-proxy.js'
import { folderOf } from './test-folder.js'

/** Nodes of one chat, as processes of their own, and the NATS servers that keep its log. */
export class Cluster {
  readonly nodes: Server[] = []
  private readonly ports: string[] = []
  private readonly ways: TcpProxy[][] = []

  private constructor(
    private readonly t: Test,
    readonly nats: Nats,
    private readonly folder: string,
    private readonly environment: Record<string, string>,
  ) {}

  /** @param count How many nodes. */
  static async start(
    t: Test,
    count: number,
    options: NatsOptions = { servers: 3, syncAlways: true },
    environment: Record<string, string> = {},
  ): Promise<Cluster> {
    const nats = await startNats(t, options)
    const cluster = new Cluster(t, nats, folderOf(t), {
      CHATROOM_NATS_REPLICAS: String(options.servers ?? 1),
      CHATROOM_NATS_MONITOR: nats.monitors.join(','),
      ...environment,
    })
    for (let index = 0; index < count; index++) {
      cluster.ports.push(await freePort())
      cluster.ways.push(
        await Promise.all(nats.ports.map((port, at) => TcpProxy.start(t, `http://${nats.hostOf(at)}:${port}`))),
      )
    }
    // One after the other, as people start them.
    for (let index = 0; index < count; index++) await cluster.begin(index)
    return cluster
  }

  get urls(): string[] {
    return this.ports.map((port) => `http://127.0.0.1:${port}`)
  }

  /** Where the data of a node are. */
  dataOf(index: number): string {
    return join(this.folder, `node-${index}`, 'data')
  }

  /** Starts a node, on what it has. */
  async begin(index: number): Promise<Server> {
    const home = join(this.folder, `node-${index}`)
    await mkdir(home, { recursive: true })
    const environment = {
      ...this.environment,
      PORT: this.ports[index] ?? '',
      CHATROOM_NATS_URL: (this.ways[index] ?? []).map(({ url }) => url.replace('http', 'nats')).join(','),
    }
    return (this.nodes[index] = await startIn(this.t, environment, home))
  }

  /** Nothing goes between a node and the NATS servers, for a while. */
  cut(index: number): void {
    for (const way of this.ways[index] ?? []) {
      way.fate = () => ({ bytes: 0, end: 'hang' })
      way.hang()
    }
  }

  mend(index: number): void {
    for (const way of this.ways[index] ?? []) {
      way.fate = () => ({})
      way.reset()
    }
  }

  /** Waits until a node says that it is ready. */
  async ready(index: number): Promise<void> {
    await until(async () => (await get(this.urls[index] ?? '', '/ready').catch(() => undefined))?.status === 200)
  }

  /** The NATS server that leads the log. */
  async leader(): Promise<number> {
    for (const monitor of this.nats.monitors) {
      const said = await fetch(`${monitor}/jsz?streams=true`)
        .then((answer) => answer.json())
        .catch(() => undefined)
      const streams = (said as Jsz | undefined)?.account_details?.[0]?.stream_detail ?? []
      const leader = streams.find(({ name }) => name.endsWith('_log'))?.cluster?.leader
      if (leader !== undefined) return this.nats.indexOf(leader)
    }
    return 0
  }
}

interface Jsz {
  readonly account_details?: readonly {
    readonly stream_detail?: readonly { readonly name: string; readonly cluster?: { readonly leader?: string } }[]
  }[]
}
