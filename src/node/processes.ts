import cluster, { type Worker } from 'node:cluster'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Settings } from '../../schemas/settings.js'
import { DataError } from '../base/data-error.js'

/** What a process is, and where the owner of the folder is found. */
export interface Role {
  readonly isOwner: boolean
  readonly socket: string
}

/** The words of a command line that tell a process its role. */
const words = { owner: '--owner', follower: '--follower' } as const
/** The pause before a process is started anew, in ms; it doubles as long as that does not help. */
const pauseMs = { least: 100, most: 10_000 }
/** A process that has run for so long had begun well, in ms. */
const wellMs = 10_000

/** Whatever system it is takes a path of so many bytes. */
const longestSocket = 103

export const processesOf = ({ CHATROOM_PROCESSES: processes }: Settings): number =>
  processes === 'auto' ? availableParallelism() : Number(processes)

/** The role that this process was started for; undefined if it is alone, or watches over the others. */
export function roleOf(args: readonly string[]): Role | undefined {
  const index = args.findIndex((word) => word === words.owner || word === words.follower)
  const socket = args[index + 1]
  return index === -1 || socket === undefined ? undefined : { isOwner: args[index] === words.owner, socket }
}

/**
 * Watches over the processes that serve, which share the port: one that owns the folder, and others that follow it. One that
 * ends is started anew, unless it did not come to serve at all.
 */
export class Processes {
  private readonly folder = mkdtempSync(join(tmpdir(), 'chatroom-'))
  private readonly socket = join(this.folder, 'owner')
  private owner: Worker | undefined
  private readonly followers = new Set<Worker>()
  private stopping = false
  private hasServed = false

  constructor(
    private readonly count: number,
    private readonly logger: Logger,
    private readonly onFailed: (code: number) => void,
  ) {
    if (Buffer.byteLength(this.socket) > longestSocket)
      throw new DataError(`The path ${this.socket} is too long for a socket. Set TMPDIR to a shorter one.`)
    process.once('exit', () => rmSync(this.folder, { recursive: true, force: true }))
  }

  /** Starts them: the owner, then those who follow it. @returns the address where they listen */
  async start(): Promise<AddressInfo> {
    const address = await this.run(true)
    await Promise.all(Array.from({ length: this.count - 1 }, () => this.run(false)))
    this.hasServed = true
    return address
  }

  /** Ends them, the owner last: the others need it for what is under way. */
  async stop(): Promise<void> {
    this.stopping = true
    await Promise.all(Array.from(this.followers, end))
    if (this.owner) await end(this.owner)
  }

  /** Starts one. @returns where it listens, when it does */
  private run(isOwner: boolean, pause = pauseMs.least): Promise<AddressInfo> {
    cluster.setupPrimary({ args: [...process.argv.slice(2), isOwner ? words.owner : words.follower, this.socket] })
    const worker = cluster.fork()
    if (isOwner) this.owner = worker
    else this.followers.add(worker)
    const begin = performance.now()
    worker.once('exit', (code: number | null, signal: string | null) => {
      if (isOwner) this.owner = undefined
      else this.followers.delete(worker)
      if (this.stopping) return
      if (!this.hasServed) {
        this.onFailed(code ?? 1)
        return
      }
      const isWell = performance.now() - begin > wellMs
      const next = isWell ? pauseMs.least : Math.min(2 * pause, pauseMs.most)
      this.logger.error(
        `the process ${worker.process.pid}, ${isOwner ? 'which owns the folder' : 'which follows'}, has ended with ${signal ?? code}; another is started`,
      )
      setTimeout(() => {
        if (!this.stopping) void this.run(isOwner, next)
      }, pause)
    })
    return new Promise((resolve) => worker.once('listening', (address) => resolve(address as unknown as AddressInfo)))
  }
}

async function end(worker: Worker): Promise<void> {
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  if (worker.isDead()) return
  worker.process.kill('SIGTERM')
  await ended
}
