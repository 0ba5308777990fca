import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { followAnnouncement } from '../src/announcement.js'
import { ChatError } from '../src/chat/chat-error.js'
import { fails } from './support/chat.js'
import { transports, type Transport } from './support/listener.js'
import { until } from './support/remote.js'
import { startLiveChat } from './support/live-chat.js'
import { runServer, startServer } from './support/server.js'

const [webSocket] = transports as [Transport]
const operator = 'operator-of-this-chat'

void t.test('the operator sets the announcement, its file, and tells everybody who listens', async (t) => {
  const folder = t.testdir({ 'announcement.txt': 'Welcome.\n' })
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
  const file = join(t.testdir({ 'announcement.txt': 'Welcome.' }), 'announcement.txt')
  const told: string[] = []
  const complaints: unknown[] = []
  let refusals = 0
  const tell = async (text: string): Promise<void> => {
    if (text === 'News!' && refusals++ < 2) throw new ChatError('log_unavailable')
    told.push(text)
  }
  const stop = await followAnnouncement(file, tell, (error) => complaints.push(error))
  t.teardown(stop)
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
