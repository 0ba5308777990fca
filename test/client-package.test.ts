import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { bundleClient } from '../src/tools/client-bundle.js'
import { compilerOptions } from './clients/compiler-options.js'
import { root, runBin } from './clients/run-bin.js'
import { cloneOf, emptyFolder, npm, pack } from './support/package-copy.js'
import { startServer } from './support/server.js'

/** Bytes that the client may have, compressed, with all that it needs. */
const most = 10_000

void t.test('the client is small, and is made for browsers', async (t) => {
  const { code, inputs } = await bundleClient()
  const size = gzipSync(code).length
  t.comment(`${size} bytes`)
  t.ok(size < most, `${size} bytes, minified and compressed`)
  t.same(
    inputs.filter((path) => path.includes('node_modules')),
    [],
    'it needs nothing else',
  )
})

const example = `
import { ChatClient, ChatRoomError, type Event } from '@chatroom/client'

const chat = new ChatClient({ baseUrl: process.argv[2] })
const { username } = await chat.register({ username: 'alice' })
const texts: string[] = []
for await (const event of chat.connect()) {
  if (event.type === 'hello') await chat.send(username, 'one')
  if (event.type === 'message.created' && texts.push(event.message.message) === 1) break
}
const last: Event['type'] = 'message.created'
// @ts-expect-error: there is no such operation
chat.sendNothing
const failure = await chat.createRoom({ participants: ['nobody'] }).catch((error: unknown) => error)
const code = failure instanceof ChatRoomError ? failure.code : undefined
console.log(JSON.stringify([texts, code, last]))
`

/** What Vite makes of it is run by Node.js, which has no page to load more modules into. */
const viteConfig = 'export default { build: { modulePreload: false } }'
const page = '<!doctype html><script type="module" src="/page.ts"></script>'
const inPage = (url: string): string => `
import { ChatClient } from '@chatroom/client'

const chat = new ChatClient({ baseUrl: '${url}' })
const { username } = await chat.register({ username: 'bob' })
for await (const event of chat.connect()) {
  if (event.type === 'hello') await chat.send(username, 'two')
  if (event.type !== 'message.created') continue
  console.log(event.message.message)
  break
}
`

void t.test('`@chatroom/client` is installed from its package', async (t) => {
  const { url } = await startServer(t)
  const tarball = await pack(t, join(await cloneOf(t), 'src/client'))
  const folder = await emptyFolder(t)
  const files = {
    'package.json': '{ "type": "module" }',
    'declare.d.ts': 'declare const process: { readonly argv: string[] }',
    'chat.ts': example,
    'tsconfig.json': JSON.stringify({ compilerOptions, files: ['chat.ts', 'declare.d.ts'] }),
    'index.html': page,
    'page.ts': inPage(url),
    'vite.config.js': viteConfig,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const { code, output } = await npm(folder, ['install', '--offline', tarball])
  t.equal(code, 0, output)
  t.match(output, /^added 1 package /m, 'it needs no other, and so no registry')

  await t.test('as the server, it is of one version, and it says how it is used', async (t) => {
    const installed = join(folder, 'node_modules/@chatroom/client')
    t.equal(await versionOf(installed), await versionOf(root))
    t.match(await readFile(join(installed, 'README.md'), 'utf8'), /new ChatClient/)
  })

  await t.test('programs in Node.js have it with its types', async (t) => {
    const checked = await runBin('typescript', 'tsc', ['--project', folder])
    t.equal(checked.code, 0, checked.output)
    const { stdout } = await runBin('tsx', 'tsx', [join(folder, 'chat.ts'), url], folder)
    t.same(JSON.parse(stdout), [['one'], 'user_not_found', 'message.created'])
  })

  await t.test('Vite makes a page of it', async (t) => {
    const built = await runBin('vite', 'vite', ['build', '--outDir=built'], folder)
    t.equal(built.code, 0, built.output)
    const [script = ''] = await readdir(join(folder, 'built/assets'))
    const ran = await npm(folder, [join('built/assets', script)], process.execPath)
    t.equal(ran.output, 'two\n')
  })
})

async function versionOf(folder: string): Promise<string> {
  return (JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }).version
}
