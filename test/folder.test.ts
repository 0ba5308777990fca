import { chmod, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { buildApp } from '../src/app.js'
import { testSettings } from './support/chat.js'
import { filledFolder } from './support/folders.js'
import { post, textsOf } from './support/load.js'
import { get, until } from './support/remote.js'
import { runServer, startServer } from './support/server.js'

const modesIn = async (folder: string): Promise<string[]> =>
  Promise.all(
    (await readdir(folder)).map(
      async (name) => `${name} ${((await stat(join(folder, name))).mode & 0o777).toString(8)}`,
    ),
  )

const isPrivate = (mode: string): boolean => mode.endsWith(' 600')

void t.test('what is kept is for its owner alone, also in a folder that an older server has made', async (t) => {
  const folder = await filledFolder(t)
  t.ok((await modesIn(folder)).every(isPrivate), 'new files are')
  for (const name of await readdir(folder)) await chmod(join(folder, name), 0o644)
  const app = await buildApp({ settings: testSettings({ CHATROOM_DATA: folder }) })
  const modes = await modesIn(folder)
  await app.close()
  t.ok(modes.some((mode) => mode.startsWith('log.db-wal')))
  t.same(
    modes.filter((mode) => !isPrivate(mode)),
    [],
  )
})

const send = (server: Parameters<typeof post>[0], message: string) =>
  post(server, '/send', { sender: 'alice', recipient: 'bob', message })

void t.test('a folder that is moved away takes nothing, and nobody starts in its place', async (t) => {
  const server = await startServer(t)
  const [data, away] = [join(server.folder, 'data'), join(server.folder, 'away')]
  for (const username of ['alice', 'bob']) await post(server, '/register', { username })
  t.match(await send(server, 'before'), { status: 'success' })

  await rename(data, away)
  t.match(await send(server, 'into nowhere'), { code: 'log_unavailable' })
  t.match(await get(server.url, '/ready'), { status: 503 })
  t.same(await textsOf(server, 'bob'), ['before'], 'reading goes on')
  await server.says(/log\.db is not where it was: .* moved away or deleted/)
  const second = await runServer(t, {}, server.folder)
  if (process.platform === 'linux')
    t.match(second, { code: 1, output: /a process has a folder that was moved away or deleted/ })
  await rm(data, { recursive: true, force: true })

  await rename(away, data)
  await until(async () => (await get(server.url, '/ready')).status === 200)
  t.match(await send(server, 'after'), { status: 'success', message_id: 2 })
  await server.stop('SIGKILL')
  const again = await server.restart()
  t.same(await textsOf(again, 'bob'), ['before', 'after'])

  await rm(data, { recursive: true })
  t.match(await send(again, 'into nowhere'), { code: 'log_unavailable' })
  await again.says(/log\.db is not where it was/)
})
