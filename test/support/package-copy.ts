import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { root, type Ran } from '../clients/run-bin.js'

/** What a clone has that is built, packed or published. */
const parts = ['src', 'schemas', 'openapi', 'package.json', 'tsconfig.json', 'README.md', 'LICENSE', '.env.example']

/** A folder that goes with the test, and is not within a package. */
export async function emptyFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chatroom-package-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A clone in which nothing is built yet. Its packages are those of this one, or of another folder. */
export async function cloneOf(t: Test, modules = join(root, 'node_modules')): Promise<string> {
  const folder = await emptyFolder(t)
  for (const part of parts) await cp(join(root, part), join(folder, part), { recursive: true, filter: isSource })
  await symlink(modules, join(folder, 'node_modules'), 'junction')
  return folder
}

const isSource = (path: string): boolean => basename(path) !== 'dist'

/** Runs npm, or another program, as somebody in a shell does. */
export async function npm(cwd: string, args: readonly string[], program = 'npm'): Promise<Ran> {
  const own = /^(?:_?TAP|CHATROOM_|npm_|NODE_OPTIONS$)/i
  const environment = Object.entries(process.env).filter(([name]) => !own.test(name))
  const env = { ...Object.fromEntries(environment), npm_config_audit: 'false', npm_config_update_notifier: 'false' }
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close') as Promise<[number | null]>
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, stdout, output: `${stdout}${stderr}` }
}

/** Packs what is in a folder, and gives the path of the tarball. */
export async function pack(t: Test, folder: string): Promise<string> {
  const destination = await emptyFolder(t)
  const { code, output } = await npm(folder, ['pack', '--pack-destination', destination])
  if (code !== 0) throw new Error(output)
  const [name = ''] = await readdir(destination)
  return join(destination, name)
}
