import { execFileSync } from 'node:child_process'
import { lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { pino } from 'pino'
import { Announcement } from '../src/node/announcement.js'
import { ChatError } from '../src/chat/chat-error.js'
import { fails, startChat, type Chat } from './support/chat.js'
import { transports, type Transport } from './support/listener.js'
import { startLiveChat } from './support/live-chat.js'
import { sayMissing } from './support/missing.js'
import { until } from './support/remote.js'
import { runServer, startServer } from './support/server.js'
import { missingDisks, SmallDisk } from './support/small-disk.js'
import { folderOf } from './support/test-folder.js'

const [webSocket] = transports as [Transport]
const operator = 'operator-of-this-chat'

void t.test('the operator sets the announcement, its file, and tells everybody who listens', async (t) => {
  const folder = folderOf(t, { 'announcement.txt': 'Welcome.\n' })
  const file = join(folder, 'announcement.txt')
  const { chat, url } = await startLiveChat(t, { CHATROOM_OPERATOR_TOKEN: operator, CHATROOM_ANNOUNCEMENT: file })
  await chat.register('alice')
  const alice = webSocket.open(t, url, { username: 'alice' })
  await alice.next('hello')
  const set = (announcement: unknown, token?: string) =>
    chat.request({
      method: 'PUT',
      url: '/announcement',
      payload: { announcement },
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    })
  t.match(await set('Back at noon.', operator), { status: 200, body: { announcement: 'Back at noon.' } })
  t.match(await alice.next('announcement.updated'), { announcement: 'Back at noon.' })
  t.equal(await readFile(file, 'utf8'), 'Back at noon.')
  t.equal((await chat.get('/announcement')).body['announcement'], 'Back at noon.')

  await fails(t, set('Mine!'), 401, 'operator_required')
  await fails(t, set('Mine!', `${operator}s`), 401, 'operator_required')
  await fails(t, set('Mine!', await chat.register('bob')), 401, 'operator_required')
  await fails(t, set(7, operator), 400, 'invalid_request')
  await fails(t, set('x'.repeat(16_385), operator), 400, 'invalid_request')
  t.equal(await readFile(file, 'utf8'), 'Back at noon.')
})

void t.test('without an operator token nobody is the operator', async (t) => {
  const { chat } = await startLiveChat(t)
  for (const authorization of ['Bearer x', 'Bearer ', 'Bearer undefined'])
    await fails(
      t,
      chat.request({ method: 'PUT', url: '/announcement', payload: { announcement: '' }, headers: { authorization } }),
      401,
      'operator_required',
    )
})

void t.test('an operator token that is too short stops the start, and is not shown', async (t) => {
  const { code, output } = await runServer(t, { CHATROOM_OPERATOR_TOKEN: 'hunter2' })
  t.equal(code, 1)
  t.match(output, /CHATROOM_OPERATOR_TOKEN/)
  t.notMatch(output, /hunter2/)
})

void t.test('what could not be told is told later', async (t) => {
  const file = join(folderOf(t, { 'announcement.txt': 'Welcome.' }), 'announcement.txt')
  const told: string[] = []
  const complaints: unknown[] = []
  let refusals = 0
  const announce = async (text: string): Promise<void> => {
    if (text === 'News!' && refusals++ < 2) throw new ChatError('log_unavailable')
    told.push(text)
  }
  const chat = { announcement: () => ({ text: '', insteadOf: undefined }), announce }
  const announcement = new Announcement(file, chat, (error) => complaints.push(error))
  await announcement.follow({ isNamed: true, isWritten: false })
  t.teardown(() => announcement.stop())
  await writeFile(file, 'News!')
  await until(() => told.length === 2)
  t.same(told, ['Welcome.', 'News!'])
  t.match(complaints, [{ code: 'log_unavailable' }], 'one complaint is enough')
})

void t.test('when the file changes, everybody who listens is told', async (t) => {
  const server = await startServer(t)
  const headers = { 'content-type': 'application/json' }
  await fetch(`${server.url}/register`, { method: 'POST', headers, body: '{"username":"alice"}' })
  const listeners = transports.map((transport) => transport.open(t, server.url, { username: 'alice' }))
  for (const listener of listeners) await listener.next('hello')
  await writeFile(join(server.folder, 'announcement.txt'), 'News!')
  for (const listener of listeners) t.match(await listener.next('announcement.updated'), { announcement: 'News!' })
})

/** A chat that follows its announcement, with what it says to the operator. */
async function startFollowing(t: Test, file: string, data = ':memory:') {
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) })
  const settings = { CHATROOM_DATA: data, CHATROOM_ANNOUNCEMENT: file, CHATROOM_OPERATOR_TOKEN: operator }
  const chat = await startChat(t, settings, { logger })
  await chat.app.announcement.follow({ isNamed: true, isWritten: true })
  return { chat, lines }
}

const set = (chat: Chat, announcement: string) =>
  chat.request({
    method: 'PUT',
    url: '/announcement',
    payload: { announcement },
    headers: { authorization: `Bearer ${operator}` },
  })

const announced = async (chat: Chat) => (await chat.get('/announcement')).body['announcement']

void t.test('the announcement has no white space around it, whether it is of the file or was set', async (t) => {
  const file = join(folderOf(t, { 'announcement.txt': '\ufeff\n  Two\n lines. \r\n' }), 'announcement.txt')
  const { chat } = await startFollowing(t, file)
  t.equal(await announced(chat), 'Two\n lines.')
  t.match((await set(chat, ' Back\n')).body, { announcement: 'Back' })
  t.equal(await readFile(file, 'utf8'), ' Back\n', 'the file has what was sent')
  await set(chat, ' \n')
  t.equal(await announced(chat), '')
})

void t.test('a file that is a link stays one, and a file keeps its mode', async (t) => {
  const folder = folderOf(t, { 'real.txt': 'Welcome.' })
  const [real, file] = [join(folder, 'real.txt'), join(folder, 'announcement.txt')]
  await symlink('real.txt', file)
  await writeFile(real, 'Welcome.', { mode: 0o600 })
  const { mode } = await stat(real)
  const { chat } = await startFollowing(t, file)
  await set(chat, 'News!')
  t.equal(await readFile(real, 'utf8'), 'News!')
  t.ok((await lstat(file)).isSymbolicLink())
  t.equal((await stat(real)).mode, mode)
})

if (missingDisks !== undefined) sayMissing(t, missingDisks)
else {
  void t.test('a file that is mounted is written itself', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'chatroom-'))
    const [file, mounted] = [join(folder, 'announcement.txt'), join(folder, 'mounted.txt')]
    await writeFile(file, '')
    await writeFile(mounted, 'A rather long welcome.\n')
    execFileSync('mount', ['--bind', mounted, file])
    t.teardown(async () => {
      execFileSync('umount', ['--lazy', file])
      await rm(folder, { recursive: true })
    })
    const { chat, lines } = await startFollowing(t, file)
    t.equal(await announced(chat), 'A rather long welcome.')
    t.match(await set(chat, 'News!'), { status: 200, body: { announcement: 'News!' } })
    t.equal(await readFile(mounted, 'utf8'), 'News!')
    t.same(lines, [])
  })

  void t.test('what is set where the file cannot be written is kept, until the file says something else', async (t) => {
    const disk = await SmallDisk.mount(t, 1)
    const file = join(disk.folder, 'announcement.txt')
    await writeFile(file, 'Welcome.\n')
    execFileSync('mount', ['-o', 'remount,ro', disk.folder])
    const data = folderOf(t)
    const first = await startFollowing(t, file, data)
    t.match(first.lines, [/cannot be written.*data folder/], 'it is said at the start')
    t.match(await set(first.chat, 'News!'), { status: 200, body: { announcement: 'News!' } })
    t.equal(first.lines.length, 2)
    await first.chat.app.close()

    for (let start = 0; start < 2; start++) {
      const { chat } = await startFollowing(t, file, data)
      t.equal(await announced(chat), 'News!', 'over a start, too')
      await chat.app.close()
    }

    execFileSync('mount', ['-o', 'remount,rw', disk.folder])
    const last = await startFollowing(t, file, data)
    t.same(last.lines, [])
    t.equal(await announced(last.chat), 'News!')
    await writeFile(file, 'From the file.\n')
    await until(async () => (await announced(last.chat)) === 'From the file.')
    await writeFile(file, 'Welcome.\n')
    await until(async () => (await announced(last.chat)) === 'Welcome.')
  })
}
