import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { root, type Ran } from './run-bin.js'

const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')

/** Where .ci/install-tools puts the tools that no package of npm has: in a folder named after what is installed. */
export const tools = join(cache, 'chatroom-tools', await pins())

async function pins(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['.ci/install-tools', 'test/clients/java/pom.xml']) hash.update(await readFile(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

/** Why what needs the tools cannot be run; undefined if it can. */
export const toolsMissing = (): string | undefined =>
  existsSync(join(tools, 'installed'))
    ? undefined
    : 'the generators of other languages are not installed; run .ci/install-tools'

/** In which the tools are found by their names. */
export const environment = {
  ...process.env,
  PATH: [join(tools, 'bin'), join(tools, 'python/bin'), process.env['PATH']].join(':'),
}

/** Runs a program, with the tools at hand. */
export async function runTool(command: string, args: readonly string[], cwd: string): Promise<Ran> {
  const child = spawn(command, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close') as Promise<[number | null]>
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, stdout, output: `${stdout}${stderr}` }
}
