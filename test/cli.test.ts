import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { backup } from '../src/cli/backup.js'
import { called, chatroom } from './support/cli.js'
import { filledFolder, isThere } from './support/folders.js'
import { placeIn } from './support/test-folder.js'
import { post } from './support/load.js'
import { until } from './support/remote.js'
import { startServer } from './support/server.js'

void t.test('it says what there is, and what each command promises', async (t) => {
  const help = await chatroom('x', ['--help'])
  t.match(help, { code: 0, out: /backup FILE.*\n.*restore FILE/, error: '' })
  t.match(await chatroom('x', ['backup', '--help']), { code: 0, out: /while the server runs.*"-wal"/s })
  t.same(await chatroom('x', ['-h']), help)
  for (const flag of ['--version', '-v']) t.match(await chatroom('x', [flag]), { code: 0, out: /^\d+\.\d+\.\d+\n$/ })
})

void t.test('a wrong call says what there is, with the exit code 2', async (t) => {
  for (const [args, says] of [
    [['nonsense'], /^chatroom: there is no command "nonsense"\.\n\n.*backup FILE/s],
    [['bakup', 'x'], /^chatroom: there is no command "bakup"\. Did you mean "backup"\?\n/],
    [['backup', '--keep', '7', 'file'], /^chatroom backup: --keep needs a folder/],
    [['backup', '--keep', '-1', 'x/'], /^chatroom backup: .*--keep/],
    [['backup', '--keep', 'all', 'x/'], /^chatroom backup: --keep is "all", but must be a whole number from 1 on\./],
    [['verify', '--keep', '7'], /^chatroom verify: --keep is for backup alone\./],
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
    [
      folder,
      ['backup', join(folder, 'x')],
      /^chatroom backup: \S+x\.partial cannot be written: there is no such file or folder\..*\n$/,
    ],
    [':memory:', ['verify'], /^chatroom verify: CHATROOM_DATA is ":memory:", which keeps nothing\..*\n$/],
    [folder, ['export'], /^chatroom export: CHATROOM_DATA is ".*", which holds no chat\..*\n$/],
    [folder, ['restore', 'not-there'], /^chatroom restore: not-there is not there\..*\n$/],
    [folder, ['import', 'src'], /^chatroom import: src cannot be read: it is a folder\..*\n$/],
    [
      folder,
      ['import', 'not-there'],
      /^chatroom import: not-there cannot be read: there is no such file or folder\..*\n$/,
    ],
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

void t.test('backups into a folder are named after their time, and the oldest go', async (t) => {
  const [from, folder] = [await filledFolder(t), placeIn(t)]
  await mkdir(folder)
  const old = ['20260101T000000Z', '20260102T000000Z', '20260103T000000Z'].map((time) => `chatroom-${time}.backup`)
  for (const name of [...old, 'mine.backup']) await writeFile(join(folder, name), '')
  t.match(await chatroom(from, ['backup', '--quiet', '--keep', '2', `${folder}/`]), { code: 0, out: '', error: '' })
  const [first, second, ...more] = (await readdir(folder)).toSorted()
  t.same([first, more], [old[2], ['mine.backup']])
  t.match(second, /^chatroom-\d{8}T\d{6}Z\.backup$/)
  t.match(await chatroom(from, ['verify', join(folder, String(second))]), { code: 0 })
})

void t.test('restore and import say how to start on what they have made', async (t) => {
  const from = await filledFolder(t)
  const [file, folder] = [placeIn(t), `${placeIn(t)} it's`]
  await called(backup, from, file)
  const { error } = await chatroom(folder, ['restore', file])
  const start = /Start the server on it with: (.*) npx chatroom\n$/.exec(error)?.[1]
  t.equal(execFileSync('sh', ['-c', `${start} && printf %s "$CHATROOM_DATA"`], { encoding: 'utf8' }), folder)
})

/** Waits until there is such a file, then presses Ctrl-C. @returns the exit code */
async function interrupt(child: ChildProcess, file: string): Promise<unknown> {
  await until(() => isThere(file))
  child.kill('SIGINT')
  const [code] = (await once(child, 'exit')) as unknown[]
  return code
}

void t.test('Ctrl-C leaves nothing of a file or a folder that is not whole', async (t) => {
  const [file, folder] = [placeIn(t), placeIn(t)]
  const script = `import { newFile } from ${JSON.stringify(import.meta.resolve('../src/storage/new-file.js'))}
    setInterval(() => undefined, 1000)
    await newFile(${JSON.stringify(file)}, () => new Promise(() => undefined))`
  const writing = spawn(process.execPath, ['--input-type=module', '-e', script])
  t.equal(await interrupt(writing, `${file}.partial`), 130)
  t.equal(await isThere(`${file}.partial`), false)

  // From the sources, threads and all, as `npm run dev` starts the server.
  const importing = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), 'src/cli.ts', 'import'], {
    env: { ...process.env, CHATROOM_DATA: folder },
  })
  t.equal(await interrupt(importing, join(folder, 'log.db.partial')), 130)
  t.same(await readdir(folder), ['lock'])
})
