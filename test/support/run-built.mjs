import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { register, syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import workerThreads from 'node:worker_threads'

/**
 * Runs a test, or another program in TypeScript, from compiled files: `node --import ./test/support/run-built.mjs FILE`.
 * Loaded one by one, the sources cost more than most tests do, and each process and thread that a test starts costs it
 * again. All are compiled once for each state of the sources, and for all test files together.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const cache = join(root, 'node_modules/.cache/chatroom-tests')
/** After this long, in ms, nobody runs what was made of earlier sources. */
const longest = 86_400_000

startPlainly()
const dist = join(await compiled(), 'dist')
register('./entry-hooks.mjs', import.meta.url, {
  data: { sources: pathToFileURL(root).href, dist: `${pathToFileURL(dist).href}/` },
})

/**
 * Lets the processes and threads that a test starts be without what tap loads into the test itself, to mock modules and to
 * collect coverage: to load that takes a thread ten times as long as all else that it does.
 */
function startPlainly() {
  process.env.NODE_OPTIONS &&= process.env.NODE_OPTIONS.replace(/"?--import=\S*@tapjs\S*/g, '').trim()
  class PlainWorker extends workerThreads.Worker {
    /**
     * @param {string | URL} file
     * @param {workerThreads.WorkerOptions} [options]
     */
    constructor(file, options) {
      super(file, { execArgv: ['--enable-source-maps'], ...options })
    }
  }
  workerThreads.Worker = PlainWorker
  syncBuiltinESMExports()
}

async function compiled() {
  const sources = ['schemas', 'src', 'test'].flatMap(sourcesBelow)
  const folder = join(cache, digestOf([...sources, 'package.json']))
  if (!existsSync(folder)) publish(await compile(sources, `${folder}.${process.pid}`), folder)
  return folder
}

/**
 * @param {string[]} sources
 * @param {string} folder
 */
async function compile(sources, folder) {
  const { build, stop } = await import('esbuild')
  await build({
    entryPoints: sources,
    absWorkingDir: root,
    outdir: join(folder, 'dist'),
    outbase: root,
    platform: 'node',
    format: 'esm',
    target: 'es2023',
    sourcemap: 'inline',
    sourcesContent: false,
  })
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'))
  const bundler = pathToFileURL(join(folder, 'dist/src/tools/client-bundle.js'))
  const { code } = await (await import(bundler.href)).bundleClient()
  mkdirSync(join(folder, 'dist/client'))
  await writeFile(join(folder, 'dist/client/client.js'), code)
  await stop()
  return folder
}

/**
 * Another test file may have been quicker.
 * @param {string} unfinished
 * @param {string} folder
 */
function publish(unfinished, folder) {
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
    rmSync(unfinished, { recursive: true })
  }
  for (const name of readdirSync(cache)) {
    const earlier = join(cache, name)
    const { mtimeMs } = statSync(earlier, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity }
    if (mtimeMs < Date.now() - longest) rmSync(earlier, { recursive: true, force: true })
  }
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function sourcesBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) return sourcesBelow(path)
      return path.endsWith('.ts') && !path.endsWith('.d.ts') ? path : []
    })
    .sort()
}

/** @param {string[]} files */
function digestOf(files) {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex').slice(0, 16)
}
