import { readFile, symlink, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Load, populate, reader } from './support/fault-load.js'
import { get, post, readAll, until } from './support/remote.js'
import { runServer, startServer, type Server } from './support/server.js'
import { missingDisks, SmallDisk } from './support/small-disk.js'
import { sayMissing } from './support/missing.js'
import { folderOf } from './support/test-folder.js'

const mebibyte = 2 ** 20

/** What the process has in memory, in bytes. */
async function memoryOf({ process: { pid } }: Server): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024
}

/** A server with its data on a small disk, and some messages there. */
async function startOnDisk(t: Test): Promise<{ disk: SmallDisk; server: Server; load: Load }> {
  const disk = await SmallDisk.mount(t, 8)
  const server = await startServer(t, { CHATROOM_DATA: join(disk.folder, 'data') })
  const load = new Load()
  await populate(server.url)
  await load.sendSome(server.url, 200)
  return { disk, server, load }
}

async function fullDisk(t: Test): Promise<void> {
  const { disk, server, load } = await startOnDisk(t)
  const { url } = server
  await disk.fill()
  await load.run(url, () => load.refused.size > 0)
  t.match(await get(url, '/ready'), { status: 503, body: { code: 'log_unavailable' } })
  await server.says(/log\.db cannot be written; it is tried again and again/)

  const memory = await memoryOf(server)
  const acknowledged = load.answered.length
  await load.sendSome(url, 3000)
  t.same([...load.refused.keys()], ['503 log_unavailable'])
  t.equal(load.answered.length, acknowledged, 'none is taken while the disk is full')
  t.match(await post(url, '/register', { username: 'late' }), { status: 503, body: { code: 'log_unavailable' } })
  t.ok((await memoryOf(server)) - memory < 64 * mebibyte, 'what is refused is not kept')
  t.same(await load.checkAt(url), [], 'reading goes on')
  t.match(await get(url, '/health'), { status: 200 })

  await disk.empty()
  await until(async () => (await get(url, '/ready')).status === 200)
  await until(() => server.output().includes('log.db can be written again'))
  await load.sendSome(url, 200)
  t.ok(load.answered.length >= acknowledged + 200, 'sending goes on without a restart')
  t.same(await load.checkAt(url), [], 'what was refused does not appear')
  await server.stop('SIGKILL')
  const next = await server.restart()
  t.same(await load.checkAt(next.url), [], 'nor does it after a restart')
}

/** A crash while the disk is full, too. */
async function fullDiskAtStart(t: Test): Promise<void> {
  const { disk, server, load } = await startOnDisk(t)
  await disk.fill()
  await load.run(server.url, () => load.refused.size > 0)
  await server.stop('SIGKILL')
  const { url } = await server.restart()
  t.same(await load.checkAt(url), [], 'what is there can be read')
  await load.run(url, () => load.refused.size > 0)
  await disk.empty()
  await until(async () => (await get(url, '/ready')).status === 200)
  await load.sendSome(url, 100)
  t.same(await load.checkAt(url), [])

  await disk.fill()
  const { code, output } = await runServer(t, { CHATROOM_DATA: join(disk.folder, 'new'), CHATROOM_LOG_LEVEL: 'silent' })
  t.equal(code, 1, 'a folder cannot be made')
  t.match(output, /^chatroom cannot start: .*\/new.* full.*\n$/)
}

async function readOnly(t: Test): Promise<void> {
  const disk = await SmallDisk.mount(t, 8)
  const data = join(disk.folder, 'data')
  const server = await startServer(t, { CHATROOM_DATA: data })
  await populate(server.url)
  await server.stop()
  await disk.makeReadOnly()
  for (const folder of [data, join(disk.folder, 'new')]) await cannotBeWritten(t, folder)
}

async function cannotBeWritten(t: Test, folder: string): Promise<void> {
  const { code, output } = await runServer(t, { CHATROOM_DATA: folder, CHATROOM_LOG_LEVEL: 'silent' })
  t.equal(code, 1)
  t.match(output, /^chatroom cannot start: CHATROOM_DATA is "[^"]*", which cannot be written: .* :memory: .*\n$/)
  t.ok(output.includes(`"${folder}"`))
}

/** The archive alone is on the disk that is full: what it has not written is in the log, and in memory. */
async function fullArchive(t: Test): Promise<void> {
  const disk = await SmallDisk.mount(t, 8)
  const data = folderOf(t)
  await symlink(join(disk.folder, 'archive.db'), join(data, 'archive.db'))
  const server = await startServer(t, { CHATROOM_DATA: data })
  const { url } = server
  const load = new Load()
  await populate(url)
  await load.sendSome(url, 200)
  await disk.fill()
  await load.run(url, () => server.output().includes('archive.db cannot be written'))
  await load.sendSome(url, 500)
  t.same([...load.refused], [], 'the log takes what the archive does not')
  t.match(await get(url, '/ready'), { status: 200 })
  t.same(await load.checkAt(url), [], 'reading goes on')

  await server.stop('SIGKILL')
  await disk.empty()
  const next = await server.restart()
  t.same(await load.checkAt(next.url), [], 'a start reads it in the log')
  await disk.fill()
  await load.run(next.url, () => next.output().includes('archive.db cannot be written'))
  await disk.empty()
  await until(() => next.output().includes('archive.db can be written again'))
  await load.sendSome(next.url, 100)
  await disk.fill()
  await load.run(next.url, () => next.output().split('archive.db cannot be written').length > 2)
  t.equal(await next.stop('SIGTERM'), 0, 'it ends well without its archive')
  await disk.empty()
  const last = await next.restart()
  t.same(load.check(await readAll(last.url, reader), 0, false), [])
}

void t.test('a file where the folder should be stops the start in a line that names the setting', async (t) => {
  const folder = folderOf(t, { file: 'text' })
  for (const data of [join(folder, 'file'), join(folder, 'file', 'below')]) await cannotBeWritten(t, data)
  await mkdir(join(folder, 'other'))
  await writeFile(join(folder, 'other', 'log.db'), 'This is no database. '.repeat(1000))
  const { code, output } = await runServer(t, { CHATROOM_DATA: join(folder, 'other'), CHATROOM_LOG_LEVEL: 'silent' })
  t.equal(code, 1)
  t.match(output, /^chatroom cannot start: .*\/other\/log\.db is damaged: .*chatroom restore.*\n$/)
})

if (missingDisks === undefined) {
  void t.test('a full disk refuses what is sent, lets read, and takes up again when there is room', fullDisk)
  void t.test('a start on a full disk says so, and loses nothing', fullDiskAtStart)
  void t.test('a folder that cannot be written stops the start in a line that names the setting', readOnly)
  void t.test('an archive that cannot be written holds nobody up, and catches up', fullArchive)
} else {
  sayMissing(t, missingDisks)
}
