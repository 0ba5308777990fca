import { readFile, symlink, writeFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { compilerOptions } from './clients/compiler-options.js'
import { root, runBin } from './clients/run-bin.js'
import { bundleClient } from './support/client-bundle.js'
import { startServer } from './support/server.js'

/** Bytes that the client may have, compressed, with all that it needs. */
const most = 10_000

void t.test('the client is small, and is made for browsers', async (t) => {
  const { code, inputs } = await bundleClient()
  const size = gzipSync(code).length
  t.comment(`${size} bytes`)
  t.ok(size < most, `${size} bytes, minified and compressed`)
  const packages = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])
  t.same(new Set(packages), new Set(['openapi-fetch']), 'it needs nothing else')
})

const example = `
import { ChatClient, ChatRoomError, type Event } from 'chatroom/client'

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

void t.test('`chatroom/client` is imported from the package, with its types', async (t) => {
  const folder = t.testdir({
    'package.json': '{ "type": "module" }',
    'declare.d.ts': 'declare const process: { readonly argv: string[] }',
    'chat.ts': example,
    'tsconfig.json': JSON.stringify({ compilerOptions, files: ['chat.ts', 'declare.d.ts'] }),
  })
  const modules = join(folder, 'node_modules')
  const chatroom = join(modules, 'chatroom')
  await mkdir(chatroom, { recursive: true })
  await writeFile(join(chatroom, 'package.json'), await readFile(join(root, 'package.json')))
  // What the package installs with it.
  for (const name of ['openapi-fetch', 'openapi-typescript-helpers', '@sinclair'])
    await symlink(join(root, 'node_modules', name), join(modules, name), 'junction')
  const dist = ['--outDir', join(chatroom, 'dist')]
  for (const project of ['.', 'src/client']) {
    const built = await runBin('typescript', 'tsc', ['--project', project, ...dist])
    t.equal(built.code, 0, built.output)
  }
  const checked = await runBin('typescript', 'tsc', ['--project', folder])
  t.equal(checked.code, 0, checked.output)

  const { url } = await startServer(t)
  const { stdout } = await runBin('tsx', 'tsx', [join(folder, 'chat.ts'), url], folder)
  t.same(JSON.parse(stdout), [['one'], 'user_not_found', 'message.created'])
})
