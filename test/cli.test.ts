import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { chatroom } from './support/cli.js'
import { placeIn } from './support/folders.js'
import { post } from './support/load.js'
import { startServer } from './support/server.js'

void t.test('it says what there is, and what each command promises', async (t) => {
  const help = await chatroom('x', ['--help'])
  t.match(help, { code: 0, out: /backup FILE.*\n.*restore FILE/, error: '' })
  t.match(await chatroom('x', ['backup', '--help']), { code: 0, out: /while the server runs.*"-wal"/s })
  t.match(await chatroom('x', ['--version']), { code: 0, out: /^\d+\.\d+\.\d+\n$/ })
})

void t.test('a wrong call says what there is, with the exit code 2', async (t) => {
  for (const [args, says] of [
    [['nonsense'], /^chatroom: there is no command "nonsense"\.\n\n.*backup FILE/s],
    [['backup'], /^chatroom backup: FILE is missing\./],
    [['backup', 'a', 'b'], /^chatroom backup: there are too many words/],
    [['verify', '--fast'], /^chatroom verify: .*--fast/],
  ] as const)
    t.match(await chatroom('x', args), { code: 2, out: '', error: says })
})

void t.test('what cannot be done is one line, with the exit code 1', async (t) => {
  const folder = placeIn(t)
  for (const [at, args, says] of [
    [':memory:', ['backup', 'x'], /^chatroom backup: CHATROOM_DATA is ":memory:", which keeps nothing\..*\n$/],
    [folder, ['backup', join(folder, 'x')], /^chatroom backup: ENOENT.*\n$/],
    [':memory:', ['verify'], /^chatroom verify: CHATROOM_DATA is ":memory:", which keeps nothing\..*\n$/],
    [folder, ['export'], /^chatroom export: CHATROOM_DATA is ".*", which holds no chat\..*\n$/],
    [folder, ['restore', 'not-there'], /^chatroom restore: not-there is not there\..*\n$/],
    [folder, ['import', 'not-there'], /^chatroom import: ENOENT.*not-there.*\n$/],
  ] as const)
    t.match(await chatroom(at, args), { code: 1, out: '', error: says })
})

void t.test('alone it runs the server, as serve does', async (t) => {
  const file = placeIn(t)
  await writeFile(file, '')
  for (const args of [[], ['serve']])
    t.match(await chatroom(file, args), {
      code: 1,
      error: /^chatroom cannot start: CHATROOM_DATA is ".*", which cannot/,
    })
})

void t.test('neither restore nor import touches a folder that is in use or holds a chat', async (t) => {
  const server = await startServer(t)
  await post(server, '/register', { username: 'alice' })
  const folder = join(server.folder, 'data')
  const [file, lines] = [placeIn(t), (await chatroom(folder, ['export'])).out]
  t.match(await chatroom(folder, ['backup', file]), { code: 0 })
  const tries = () => Promise.all([chatroom(folder, ['restore', file]), chatroom(folder, ['import'], lines)])
  for (const said of await tries()) t.match(said, { code: 1, error: /which another process uses/ })
  await server.stop()
  t.match(await chatroom(folder, ['restore', file]), { code: 1, error: /holds a chat already.*Move the folder away/ })
  t.match(await chatroom(folder, ['import'], lines), { code: 1, error: /holds a chat already/ })
  t.match(await chatroom(folder, ['verify']), { code: 0 })
})
