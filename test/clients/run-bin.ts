import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** The checkout, in which tests are run; what runs them is compiled, and elsewhere. */
export const root = process.cwd()

/** How a tool ended. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  /** All that it wrote, for a message. */
  readonly output: string
}

/** What the tools ask before they would call home. */
const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' }

/** Runs a command of an installed package with this very Node: without npx, and so without the network. */
export async function runBin(packageName: string, command: string, args: string[], cwd = root): Promise<Ran> {
  const child = spawn(process.execPath, [await binOf(packageName, command), ...args], {
    cwd,
    env: { ...withoutTap(process.env), ...quiet },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close') as Promise<[number | null]>
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, stdout, output: `${stdout}${stderr}` }
}

/** Not by `require.resolve`: most packages do not export their package.json. */
async function binOf(packageName: string, command: string): Promise<string> {
  const folder = join(root, 'node_modules', packageName)
  const { bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>
  }
  const path = typeof bin === 'string' ? bin : bin[command]
  if (path === undefined) throw new TypeError(`${packageName} has no command ${command}`)
  return join(folder, path)
}

/** A tool is not measured for coverage, which would slow it down. */
const withoutTap = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(_?TAP|NODE_OPTIONS$|NODE_V8_COVERAGE$)/.test(name)),
  )
