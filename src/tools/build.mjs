import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Builds `dist/`, which is what is started and published. It is plain JavaScript, since it also finds out that there is
 * nothing to build, and needs no development packages for that.
 */

const root = fileURLToPath(new URL('../..', import.meta.url))
const dist = join(root, 'dist')
/** What `dist/` was built of. */
const stamp = join(dist, 'sources.sha256')
const compiler = join(root, 'node_modules/typescript/bin/tsc')

/** For `npm run build`. */
export function build() {
  // Beside the old one, so that a server that runs finds its files until all the new ones are there.
  const next = fs.mkdtempSync(`${dist}-`)
  try {
    run(compiler, '--declaration', '--outDir', next)
    run('--import', 'tsx', 'src/tools/write-client-package.ts')
    fs.cpSync(join(root, 'src/client/dist'), join(next, 'client'), { recursive: true })
    for (const path of [next, join(next, 'src/cli.js')]) fs.chmodSync(path, 0o755)
    fs.writeFileSync(join(next, relative(dist, stamp)), fingerprint())
    const old = `${next}-old`
    if (fs.existsSync(dist)) fs.renameSync(dist, old)
    fs.renameSync(next, dist)
    fs.rmSync(old, { recursive: true, force: true })
  } finally {
    fs.rmSync(next, { recursive: true, force: true })
  }
}

/** For `npm start`, and before it is packed: what runs is what the sources say. */
export function buildIfChanged() {
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === fingerprint()) return
  if (!fs.existsSync(compiler))
    throw new Error('dist/ is not built of these sources. `npm ci` installs what builds it.')
  build()
}

/** For `npm ci`, and for npx, which must not change what runs. Without development packages there is nothing to build with. */
export function buildIfMissing() {
  if (!fs.existsSync(stamp) && fs.existsSync(compiler)) build()
}

/** @param {string[]} args */
function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error(`\`node ${args.join(' ')}\` has failed.`)
}

/** Two trees with the same one make the same `dist/`. */
function fingerprint() {
  const files = ['schemas', 'src'].flatMap(filesBelow).concat('package.json', 'tsconfig.json')
  const hash = createHash('sha256')
  for (const path of files.sort())
    hash
      .update(`${path}\0`)
      .update(fs.readFileSync(join(root, path)))
      .update('\0')
  return hash.digest('hex')
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  return fs.readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'dist' ? [] : filesBelow(path)
    return path
  })
}
