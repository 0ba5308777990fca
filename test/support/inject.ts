import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { builtFile } from './built.js'
import { rounds, textOf, type End } from './fault-script.js'
import { Load, type Sending } from './fault-load.js'

const run = promisify(execFile)

/** Why no faults can be put into system calls, in a line; undefined if they can. */
export const missingStrace = reasonAgainstStrace()

function reasonAgainstStrace(): string | undefined {
  try {
    execFileSync('strace', ['-f', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO:when=1', 'true'], { stdio: 'pipe' })
    return undefined
  } catch (error) {
    return `strace puts no faults into system calls here: ${(error as Error).message.trim()}`
  }
}

/** The system calls with which SQLite and the mark change files. */
const calls = ['pwrite64', 'fsync', 'fdatasync', 'ftruncate', 'unlink', 'rename'] as const

/** What befalls a process: `error=EIO` or `signal=SIGKILL`, in which calls, and which of them: `3`, or `3+` for all from there. */
export interface Fault {
  readonly call: (typeof calls)[number]
  readonly effect: string
  readonly when: string
  readonly end: End
  /** How many messages are sent at once. */
  readonly together: number
}

/**
 * Runs the driver with a fault. A thread counts its calls by itself, so a fault can befall the log and the archive.
 * @returns what was answered to it
 */
export async function drive(folder: string, fault?: Fault): Promise<Load> {
  const { call, effect, when, end, together } = fault ?? { end: 'close', together: 1 }
  const script = [builtFile('test/support/fault-driver.ts'), folder, end, String(together)]
  const traced = [
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:${effect}:when=${when}`,
  ]
  const [file, ...args] = fault ? ['strace', ...traced, process.execPath, ...script] : [process.execPath, ...script]
  const output = await run(file ?? '', args).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  )
  return loadOf(output, together)
}

/** How often a driver makes a call, in the thread that makes it most. */
export async function count(folder: string, call: string, together: number): Promise<number> {
  const args = [
    '-f',
    '--seccomp-bpf',
    '-qq',
    '-e',
    `trace=${call}`,
    process.execPath,
    builtFile('test/support/fault-driver.ts'),
    folder,
    'close',
    String(together),
  ]
  const { stderr } = await run('strace', args, { maxBuffer: 2 ** 26 })
  const byThread = new Map<string, number>()
  for (const [, thread = ''] of stderr.matchAll(new RegExp(`^(?:\\[pid +(\\d+)\\] )?${call}\\(`, 'gm')))
    byThread.set(thread, (byThread.get(thread) ?? 0) + 1)
  return Math.max(0, ...byThread.values())
}

interface Line {
  readonly what: string
  readonly refused?: string
  readonly message_id?: number
  readonly sent_at?: string
}

/** What the driver has written, as what a client knows. What there is no line of was not answered. */
function loadOf(output: string, together: number): Load {
  const load = new Load()
  const lines = new Map(
    output
      .split('\n')
      .filter((text) => text.startsWith('{'))
      .map((text) => JSON.parse(text) as Line)
      .map((line) => [line.what, line]),
  )
  for (let round = 1; round <= rounds; round++)
    for (let index = 0; index < together; index++) take(load, `${round}.${index}`, lines, together)
  return load
}

function take(load: Load, clientId: string, lines: ReadonlyMap<string, Line>, together: number): void {
  const line = lines.get(clientId)
  const message = textOf(clientId, together)
  const sending: Sending = { sender: 'ann', recipient: 'reader', message, client_id: clientId }
  if (!line) load.unanswered.push(sending)
  else if (line.message_id !== undefined && line.sent_at !== undefined)
    load.answered.push({ ...sending, id: line.message_id, sentAt: line.sent_at })
}
