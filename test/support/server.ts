import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Test } from 'tap'
import { builtFile } from './built.js'
import { until } from './remote.js'

export interface Server {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly process: ChildProcess
  /** The folder that the process runs in, with its announcement.txt and its data. */
  readonly folder: string
  /** All that it has written so far. */
  output(): string
  /** Waits until it has written this: what it writes may come later than what it answers. */
  says(pattern: RegExp): Promise<void>
  /** Sends the signal, and gives the code that the process ends with. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** Starts another process in the same folder, as this one was started. */
  restart(): Promise<Server>
}

/** How long a process may take to write what it has to say. */
const patienceMs = 20_000

/** How a process ended that was not to run for long. */
export interface Ended {
  readonly code: number | null
  readonly output: string
}

type Environment = Record<string, string>

/** Has a server be a node on the NATS servers that a suite names, with names of its own there. */
const onNats = (folder: string): Environment => {
  const { TEST_NATS_URL: url } = process.env
  if (url === undefined) return {}
  return { CHATROOM_NATS_URL: url, CHATROOM_NATS_REPLICAS: '1', CHATROOM_NATS_PREFIX: basename(folder) }
}

async function launch(
  t: Test,
  environment: Environment,
  folder: string,
  program?: string,
): Promise<{ child: ChildProcess; output: () => string }> {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('CHATROOM_') && !name.startsWith('TAP')),
  )
  const child = spawn(process.execPath, [program ?? builtFile('src/server.ts')], {
    cwd: folder,
    env: {
      ...clean,
      HOST: '127.0.0.1',
      PORT: '0',
      // What raw clients of the tests ask for; a server for all addresses answers for all names.
      ...(environment['HOST'] === undefined && { CHATROOM_HOSTS: 'chat.example' }),
      CHATROOM_RATE_LIMIT: '0',
      CHATROOM_PASSWORD_RATE_LIMIT: '0',
      CHATROOM_REGISTRATION_RATE: '0',
      CHATROOM_PARTICIPANT_RATE: '0',
      ...onNats(folder),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (written += text))
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
  return { child, output: () => written }
}

/** A folder to run in, which goes with the test. */
async function makeFolder(t: Test, files: Environment): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chatroom-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries({ 'announcement.txt': 'Welcome.\n', ...files }))
    await writeFile(join(folder, name), text)
  return folder
}

/**
 * Starts the real process on a free port and waits until it listens; it ends with the test.
 * @param files What to put beside its announcement, by name.
 */
export async function startServer(t: Test, environment: Environment = {}, files: Environment = {}): Promise<Server> {
  return startIn(t, environment, await makeFolder(t, files))
}

/**
 * Starts it in a folder that is there.
 * @param program Another server than that of the sources.
 */
export async function startIn(t: Test, environment: Environment, folder: string, program?: string): Promise<Server> {
  const { child, output } = await launch(t, environment, folder, program)
  const port = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const found = /Listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(output())?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', look)
    child.once('exit', (code) => {
      reject(new Error(`the server ended with ${code}: ${output()}`))
    })
  })
  return {
    url: `http://127.0.0.1:${port}`,
    process: child,
    folder,
    output,
    async says(pattern) {
      const end = performance.now() + patienceMs
      await until(() => pattern.test(output()) || performance.now() > end)
      t.match(output(), pattern)
    },
    async stop(signal = 'SIGTERM') {
      const exit = once(child, 'exit') as Promise<[number | null]>
      child.kill(signal)
      const [code] = await exit
      return code
    },
    restart: () => startIn(t, environment, folder, program),
  }
}

/**
 * Runs the real process until it ends by itself.
 * @param folder Where; a new one, unless said otherwise.
 */
export async function runServer(t: Test, environment: Environment, folder?: string): Promise<Ended> {
  const { child, output } = await launch(t, environment, folder ?? (await makeFolder(t, {})))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output: output() }
}
