import { appendFile, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import semver from 'semver'
import t, { type Test } from 'tap'
import { compilerOptions } from './clients/compiler-options.js'
import { runBin } from './clients/run-bin.js'
import { sayMissing } from './support/missing.js'
import { cloneOf, emptyFolder, npm, pack } from './support/package-copy.js'
import { startIn } from './support/server.js'

/** The least Node.js that the package says it runs on. */
const leastNode = '20.19.0'
/** What npm says when it cannot reach a registry. */
const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ENOTCACHED|network/

const clone = await cloneOf(t)
/** Where the build stands, which is another file after each build. */
const built = async (): Promise<number> => (await stat(join(clone, 'dist/sources.sha256'))).ino
const source = join(clone, 'src/env-file.ts')

void t.test('it is built when its sources have changed, and not otherwise', async (t) => {
  t.equal((await npm(clone, ['run', 'prestart'])).code, 0)
  const first = await built()
  await npm(clone, ['run', 'prestart'])
  t.equal(await built(), first, 'npm start')
  await appendFile(source, '\nexport const another = 1\n')
  await npm(clone, ['run', 'prepare'])
  t.equal(await built(), first, 'npx, which must not change what runs')
  t.equal((await npm(clone, ['run', 'prestart'])).code, 0)
  t.match(await readFile(join(clone, 'dist/src/env-file.js'), 'utf8'), /another/, 'npm start, after a change')
  t.same(
    (await readdir(clone)).filter((name) => name.startsWith('dist')),
    ['dist'],
    'nothing is left over',
  )
})

void t.test('its package', async (t) => {
  const tarball = await pack(t, clone)
  const folder = await emptyFolder(t)
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const { code, output } = await npm(folder, ['install', '--prefer-offline', '--no-fund', tarball])
  if (code === 0) await installed(t, folder, output)
  else if (offline.test(output)) sayMissing(t, 'No registry can be reached to install the package from.')
  else t.fail(output)
})

/** @param said What npm has said. */
async function installed(t: Test, folder: string, said: string): Promise<void> {
  const modules = join(folder, 'node_modules')
  const published = join(modules, 'chatroom')

  await t.test('it installs without a warning on the least Node.js', async (t) => {
    t.notMatch(said, /EBADENGINE|deprecated|ERESOLVE|peer/)
    for (const manifest of (await readdir(modules, { recursive: true })).filter(isManifest)) {
      const { name, engines } = JSON.parse(await readFile(join(modules, manifest), 'utf8')) as Manifest
      const range = engines?.node ?? '*'
      if (!semver.satisfies(leastNode, range)) t.fail(`${name} wants Node.js ${range}`)
    }
    const { engines } = JSON.parse(await readFile(join(published, 'package.json'), 'utf8')) as Manifest
    t.equal(engines?.node, '>=20.19')
  })

  await t.test('it has what a user needs, and no tools', async (t) => {
    const files = await readdir(published, { recursive: true })
    const needed = ['README.md', 'LICENSE', '.env.example', 'openapi/openapi.json', 'openapi/asyncapi.json']
    for (const file of [...needed, 'dist/schemas/message.d.ts', 'dist/client/client.js', 'dist/client/client.d.ts'])
      t.ok(files.includes(file), file)
    t.same(
      files.filter((file) => /tools|test|\.(?:mjs|map)$|(?<!\.d)\.ts$/.test(file)),
      [],
    )
  })

  await t.test('npx chatroom runs in an empty folder', async (t) => {
    const { version } = JSON.parse(await readFile(join(published, 'package.json'), 'utf8')) as Manifest
    t.equal((await npm(folder, ['--no-install', 'chatroom', '--version'], 'npx')).stdout, `${version}\n`)
    const { url } = await startIn(t, {}, await emptyFolder(t), join(published, 'dist/src/cli.js'))
    t.match(await (await fetch(`${url}/announcement`)).json(), { announcement: '' })
    for (const file of ['client.js', 'client.d.ts']) {
      const served = await (await fetch(`${url}/${file}`)).text()
      t.ok(served === (await readFile(join(published, 'dist/client', file), 'utf8')), file)
    }
    t.equal((await fetch(`${url}/docs`)).status, 200)
  })

  await t.test('programs have its app, its schemas and its client, with their types', async (t) => {
    await writeFile(join(folder, 'program.ts'), program)
    const options = {
      ...compilerOptions,
      skipLibCheck: true,
      typeRoots: [join(clone, 'node_modules/@types')],
      types: ['node'],
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['program.ts'] }))
    const { code, output } = await runBin('typescript', 'tsc', ['--project', folder])
    t.equal(code, 0, output)
  })

  await t.test('a built tree starts without development packages', async (t) => {
    await rm(join(clone, 'node_modules'))
    await symlink(modules, join(clone, 'node_modules'), 'junction')
    t.match(await npm(clone, ['run', 'prestart']), { code: 0 })
    const { url } = await startIn(t, {}, await emptyFolder(t), join(clone, 'dist/src/server.js'))
    t.equal((await fetch(`${url}/ready`)).status, 200)
    t.match(await npm(clone, ['run', 'prepare']), { code: 0 }, 'npm ci --omit=dev')
    await appendFile(source, '\nexport const third = 1\n')
    t.match(await npm(clone, ['run', 'prestart']), { code: 1, output: /npm ci/ }, 'it says what would be right')
  })
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly engines?: { readonly node?: string }
}

const isManifest = (path: string): boolean => /(?:^|node_modules\/)(?:@[^/]+\/)?[^/]+\/package\.json$/.test(path)

const program = `
import { buildApp, type App } from 'chatroom'
import { ChatClient } from 'chatroom/client'
import type { Message } from 'chatroom/schemas/message'
import type { Settings } from 'chatroom/schemas/settings'

export const start = async (settings: Settings): Promise<App> => buildApp({ settings })
export const textOf = ({ message }: Message): string => message
export const client = new ChatClient({ baseUrl: 'http://localhost:5003' })
`
