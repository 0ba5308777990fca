import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { buildApp } from '../../src/app.js'
import { bundleClient } from '../../src/tools/client-bundle.js'
import { root } from '../clients/run-bin.js'

/** What processes of the tests run: the sources, and the drivers beside this file. */
const folders = ['src', 'schemas', 'test/support']
const cache = join(root, 'node_modules/.cache/chatroom-tests')

let made: Promise<string> | undefined

/**
 * The path of a source's compiled form, such as `src/server.ts`. A process and its threads start with that many times
 * faster than with tsx, which translates in each of them anew. It is made once for each state of the sources, for all
 * test files together.
 */
export async function builtFile(source: string): Promise<string> {
  made ??= make()
  return join(await made, 'dist', source.replace(/\.ts$/, '.js'))
}

/** The app as a process of production has it, to be run here. */
export async function builtApp(): Promise<typeof buildApp> {
  const app = (await import(pathToFileURL(await builtFile('src/app.ts')).href)) as { buildApp: typeof buildApp }
  return app.buildApp
}

async function make(): Promise<string> {
  const sources = await sourcesOf()
  const folder = join(cache, await digestOf([...sources, 'package.json']))
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  await build({
    entryPoints: sources.map((source) => join(root, source)),
    outdir: join(unfinished, 'dist'),
    outbase: root,
    platform: 'node',
    format: 'esm',
    target: 'es2023',
    sourcemap: 'inline',
  })
  await copyFile(join(root, 'package.json'), join(unfinished, 'package.json'))
  await mkdir(join(unfinished, 'dist/client'))
  await writeFile(join(unfinished, 'dist/client/client.js'), (await bundleClient()).code)
  await publish(unfinished, folder)
  return folder
}

/** Another test file may have been quicker. What was made of earlier sources stays for those that run it. */
async function publish(unfinished: string, folder: string): Promise<void> {
  try {
    await rename(unfinished, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
    await rm(unfinished, { recursive: true })
  }
}

async function sourcesOf(): Promise<string[]> {
  await mkdir(cache, { recursive: true })
  const found = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((name) => join(folder, name)),
    ),
  )
  return found
    .flat()
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
}

async function digestOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file).update(await readFile(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}
