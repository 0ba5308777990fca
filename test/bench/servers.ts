import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { builtFile } from './built.js'
import { onServerCore } from './machine.js'
import type { Scope } from './scope.js'
import type { LoopDelay } from './watched-server.js'

export interface Server {
  readonly port: number
  readonly pid: number
}

interface Started extends Server {
  readonly child: ChildProcess
}

/** A million messages are to be there before it listens. */
const startingTime = 60_000
const lookAgain = 10

/** Settings by name. */
type Settings = Readonly<Record<string, string>>

/**
 * As in production; the rate limit is on, so that counting is paid for, and so high that nobody meets it. All clients come
 * from one address, so what is allowed to an address has no bound. Nothing is kept, where that is not what is measured, and
 * memory has room for all.
 */
const production = {
  HOST: '127.0.0.1',
  CHATROOM_DATA: ':memory:',
  CHATROOM_MESSAGE_MEMORY: '1024',
  CHATROOM_LOG_LEVEL: 'warn',
  CHATROOM_RATE_LIMIT: '1000000000',
  CHATROOM_REGISTRATION_RATE: '0',
  CHATROOM_BYTES_PER_DAY: '1000000000000000',
  CHATROOM_PARTICIPANT_RATE: '0',
  CHATROOM_PARTICIPANTS_PER_GUEST: '1000000',
  CHATROOM_HANDSHAKE_RATE: '0',
  CHATROOM_ADDRESS_CONNECTIONS: '1000000',
  CHATROOM_ADDRESS_UNREAD: '10000',
  CHATROOM_ADDRESS_SOCKETS: '1000000',
  CHATROOM_USER_CONNECTIONS: '1000000',
  CHATROOM_FRAME_RATE: '0',
  CHATROOM_STREAM_AGE: '86400',
  NODE_ENV: 'production',
}

/** Runs a script of this folder on the servers' core until it ends. */
export function runScript(name: string, args: readonly string[], nodeArgs: readonly string[] = []) {
  const [command, all] = onServerCore([...nodeArgs, ...benchFile(name), ...args])
  return promisify(execFile)(command, all, { env: ownEnvironment() })
}

/** The arguments of Node for a file of this folder. */
const benchFile = (name: string): string[] => [
  '--import',
  import.meta.resolve('tsx'),
  fileURLToPath(new URL(name, import.meta.url)),
]

/** The server as production has it, by its real entry. @param entry That of another build */
export const startChatRoom = (scope: Scope, settings?: Settings, entry = builtFile('src/server.js')): Promise<Server> =>
  start(scope, [entry], settings)

/** The same, keeping everything in a folder of its own. */
export const startDurable = (scope: Scope, entry?: string): Promise<Server> =>
  startChatRoom(scope, { CHATROOM_DATA: 'data' }, entry)

/** The app of production over a log that holds this many messages, in so many conversations. */
export const startFilled = (scope: Scope, messages: number, conversations: number): Promise<Server> =>
  start(scope, [...benchFile('filled-server.ts'), String(messages), String(conversations)])

/** The same, with an eye on its event loop. */
export async function startWatched(scope: Scope, data: string): Promise<Server & { delay(): Promise<LoopDelay> }> {
  const server = await start(scope, benchFile('watched-server.ts'), { CHATROOM_DATA: data })
  return {
    ...server,
    delay: async () => {
      server.child.send('delay')
      const [delay] = (await once(server.child, 'message')) as [LoopDelay]
      return delay
    },
  }
}

/** Bare Fastify routes to compare with. */
export const startBare = (scope: Scope): Promise<Server> => start(scope, benchFile('bare-server.ts'))

/** A loop over the sockets of ws to compare with. */
export const startWs = (scope: Scope): Promise<Server> => start(scope, benchFile('ws-server.ts'))

/** Socket.IO to compare with. */
export const startSocketIo = (scope: Scope): Promise<Server> => start(scope, benchFile('socket-io-server.ts'))

/** A server of others. @param argsFor Prepares its folder, and gives its arguments. */
export async function startProgram(
  scope: Scope,
  path: string,
  argsFor: (folder: string, port: number) => Promise<string[]>,
): Promise<Server> {
  const [folder, port] = [await makeFolder(scope), await freePort()]
  return startIn(scope, folder, port, onServerCore(await argsFor(folder, port), path), ownEnvironment())
}

/** Starts a server of Node on the servers' core, in a folder of its own, and waits until it listens. */
async function start(scope: Scope, args: readonly string[], settings: Settings = {}): Promise<Started> {
  const folder = await makeFolder(scope)
  const port = Number(settings['PORT'] ?? (await freePort()))
  await writeFile(join(folder, 'announcement.txt'), 'Welcome.\n')
  const env = { ...ownEnvironment(), ...production, ...settings, PORT: String(port) }
  return startIn(scope, folder, port, onServerCore(args), env)
}

/** A folder that is removed with the rest. */
export async function makeFolder(scope: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chatroom-bench-'))
  scope.onEnd(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function startIn(
  scope: Scope,
  folder: string,
  port: number,
  command: [file: string, args: string[]],
  env: NodeJS.ProcessEnv,
): Promise<Started> {
  const child = spawn(...command, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  running.add(child)
  scope.onEnd(() => kill(child))
  await listens(child, port)
  return { port, pid: child.pid ?? 0, child }
}

/** The environment without the settings of whoever runs this. */
const ownEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CHATROOM_')))

/** Those that are to die with this process, should it be stopped. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

async function kill(child: ChildProcess): Promise<void> {
  running.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** @throws if the process ends, or does not listen in time */
async function listens(child: ChildProcess, port: number): Promise<void> {
  const until = performance.now() + startingTime
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    if (performance.now() > until) throw new Error('the server does not listen')
    await sleep(lookAgain)
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const settle = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => {
      settle(true)
    })
    socket.once('error', () => {
      settle(false)
    })
  })
}
