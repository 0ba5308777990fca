import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { JetStreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Test } from 'tap'
import { connectNats, type NatsOptions as ConnectOptions } from '../../src/nats/connection.js'
import { environment } from '../clients/tools.js'
import type { FarMachine } from './far-machine.js'
import { freePort } from './free-port.js'
import { until } from './remote.js'
import { folderOf } from './test-folder.js'

export interface NatsOptions {
  /** How many servers, as one cluster. */
  readonly servers?: 1 | 3
  readonly syncAlways?: boolean
  /** In bytes. */
  readonly maxPayload?: number
  /** Connections are by TLS, to `localhost`, with a certificate of its own: {@link Nats.ca}. */
  readonly tls?: boolean
  /** Where the last one runs, if that is another machine. */
  readonly far?: FarMachine | undefined
  /** Where the second one keeps its files, if that is another disk. */
  readonly disk?: string | undefined
  /** More lines of the configuration. */
  readonly more?: string
}

/** One that a test, or a part of the benchmark, ends in. */
export interface Ends {
  readonly folder: string
  readonly onEnd: (ending: () => Promise<void>) => void
}

const find = (program: string): string | undefined =>
  (environment.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file))

const server = find('nats-server')
const openssl = find('openssl')

/** Why no servers can be started; undefined if they can. */
export function natsMissing(): string | undefined {
  if (server === undefined) return 'there is no nats-server; run .ci/install-tools'
  return openssl === undefined ? 'there is no openssl, which makes certificates' : undefined
}

/** Starts servers that end with the test. */
export const startNats = (t: Test, options: NatsOptions = {}): Promise<Nats> =>
  Nats.start({ folder: join(folderOf(t), 'nats'), onEnd: (ending) => t.teardown(ending) }, options)

/** Connects to them, until the test ends. */
export async function connected(
  t: Test,
  { url, credentials = '' }: Pick<ConnectOptions, 'url' | 'credentials'>,
): Promise<NatsConnection> {
  const connection = await connectNats({ url, credentials })
  t.teardown(() => connection.close())
  return connection
}

/** Whether a thread is stopped, by its file in /proc (proc_pid_stat(5)). */
const isStopped = (stat: string): boolean => / T \d+ /.test(readFileSync(stat, 'utf8'))

/** Servers of NATS with JetStream. */
export class Nats {
  readonly names: readonly string[]
  readonly ports: string[] = []
  readonly monitors: string[] = []
  private readonly children: ChildProcess[] = []
  private readonly files: string[] = []

  private constructor(
    private readonly folder: string,
    private readonly options: NatsOptions,
  ) {
    this.names = Array.from({ length: options.servers ?? 1 }, (_, index) => `n${index + 1}`)
  }

  static async start({ folder, onEnd }: Ends, options: NatsOptions = {}): Promise<Nats> {
    const nats = new Nats(folder, options)
    await nats.configure()
    onEnd(() => nats.end())
    for (const index of nats.names.keys()) nats.spawn(index)
    await nats.ready()
    return nats
  }

  /** Where a server is, as its address. */
  hostOf(index: number): string {
    const { far } = this.options
    return far && index === this.names.length - 1 ? far.address : (far?.home ?? '127.0.0.1')
  }

  /** Where clients find them. */
  get url(): string {
    const scheme = this.options.tls ? 'tls' : 'nats'
    return this.ports.map((port) => `${scheme}://localhost:${port}`).join(',')
  }

  get ca(): string {
    return join(this.folder, 'cert.pem')
  }

  /** The server that leads a stream, once one does. */
  async leaderOf(manager: JetStreamManager, stream: string): Promise<number> {
    let leader: string | undefined
    await until(async () => {
      const info = await manager.streams.info(stream).catch(() => undefined)
      return (leader = info?.cluster?.leader) !== undefined
    })
    return this.indexOf(leader)
  }

  /** The server of a name. @throws {Error} if there is none */
  indexOf(name = ''): number {
    const index = this.names.indexOf(name)
    if (index === -1) throw new Error(`no server is named "${name}"`)
    return index
  }

  /** Fulfilled when all that run say that they are well. */
  async ready(): Promise<void> {
    for (const [index, monitor] of this.monitors.entries())
      if (this.isRunning(index))
        await until(async () => (await fetch(`${monitor}/healthz`).catch(() => undefined))?.ok === true)
  }

  /** It does nothing more when this returns: the signal alone leaves its threads a moment. */
  stop(index = 0): void {
    const child = this.children[index]
    child?.kill('SIGSTOP')
    const tasks = `/proc/${child?.pid}/task`
    if (existsSync(tasks)) while (!readdirSync(tasks).every((task) => isStopped(`${tasks}/${task}/stat`)));
  }

  goOn(index = 0): void {
    this.children[index]?.kill('SIGCONT')
  }

  async kill(index = 0): Promise<void> {
    const child = this.children[index]
    if (!child || !this.isRunning(index)) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  /** Starts one again that was killed, on what it has kept. */
  restart(index = 0): void {
    this.spawn(index)
  }

  /** What a server has kept is what it had kept when this was called, once the gift is called. */
  remember(index = 0): () => void {
    const store = join(this.folder, this.names[index] ?? '')
    cpSync(store, `${store}-before`, { recursive: true })
    return () => {
      rmSync(store, { recursive: true })
      renameSync(`${store}-before`, store)
    }
  }

  private async end(): Promise<void> {
    for (const index of this.names.keys()) await this.kill(index)
  }

  private isRunning(index: number): boolean {
    const child = this.children[index]
    return child?.exitCode === null && child.signalCode === null
  }

  private spawn(index: number): void {
    const args = ['-c', this.files[index] ?? '']
    const { far } = this.options
    const isFar = far !== undefined && index === this.names.length - 1
    const [command, all] = isFar ? far.command(server ?? '', args) : ([server ?? '', args] as const)
    this.children[index] = spawn(command, all, { stdio: 'ignore' })
  }

  private async configure(): Promise<void> {
    mkdirSync(this.folder, { recursive: true })
    const { syncAlways = false, maxPayload = 2 ** 20, tls = false, disk, more = '' } = this.options
    if (tls) this.makeCertificate()
    const clusterPorts: string[] = []
    for (const index of this.names.keys()) {
      this.ports.push(await freePort())
      this.monitors.push(`http://${this.hostOf(index)}:${await freePort()}`)
      clusterPorts.push(await freePort())
    }
    const routes = clusterPorts.map((port, index) => `"nats://${this.hostOf(index)}:${port}"`).join(', ')
    for (const [index, name] of this.names.entries()) {
      const file = join(this.folder, `${name}.conf`)
      this.files.push(file)
      const lines = [
        `server_name: ${name}`,
        `listen: "${this.hostOf(index)}:${this.ports[index]}"`,
        `http: "${this.monitors[index]?.replace('http://', '')}"`,
        `max_payload: ${maxPayload}`,
        `jetstream { store_dir: "${index === 1 && disk !== undefined ? disk : join(this.folder, name)}"${syncAlways ? ', sync_interval: always' : ''} }`,
        ...(this.names.length > 1
          ? [
              // Nodes know the ways to them that they were told, and no others.
              `cluster { name: chatroom, listen: "${this.hostOf(index)}:${clusterPorts[index]}", no_advertise: true, routes: [${routes}] }`,
            ]
          : []),
        ...(tls ? [`tls { cert_file: "${this.ca}", key_file: "${join(this.folder, 'key.pem')}" }`] : []),
        more,
      ]
      writeFileSync(file, lines.join('\n'))
    }
  }

  private makeCertificate(): void {
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    const files = ['-keyout', join(this.folder, 'key.pem'), '-out', this.ca]
    execFileSync(openssl ?? '', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files], {
      stdio: 'ignore',
    })
  }
}
