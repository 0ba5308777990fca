import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { closeCodes } from '../schemas/close-codes.js'
import type { Settings } from '../schemas/settings.js'
import { linesForPeople } from '../src/logger.js'
import { countsOf } from './support/left-behind.js'
import { openWebSocket } from './support/listener.js'
import { startLiveChat } from './support/live-chat.js'
import { RawClient } from './support/raw-client.js'
import { asking, handshake, request } from './support/raw-frames.js'
import { post, until } from './support/remote.js'

type Line = Readonly<Record<string, unknown>>

/** A chat that listens, and what it logs; nothing is said of who registers. */
async function startLogged(t: Test, settings: Partial<Settings> = {}) {
  const lines: Line[] = []
  const logger = pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line) as Line) })
  const { chat, url } = await startLiveChat(t, settings, { logger })
  for (const name of ['alice', 'bob']) await chat.register(name)
  await until(() => lines.length === 2)
  lines.length = 0
  /** The next line. */
  const line = async (): Promise<Line> => {
    await until(() => lines.length > 0)
    return lines.shift() as Line
  }
  return { chat, url, line, lines }
}

void t.test('what is refused has its code in the log', async (t) => {
  const { url, line } = await startLogged(t, { CHATROOM_USER_CONNECTIONS: 1, CHATROOM_BODY_LIMIT: 1024 })
  const tooLong = { username: 'alice', password: 'x'.repeat(2000) }
  for (const [asked, status, code] of [
    [request('GET', '/nothing'), 404, 'not_found'],
    [request('PUT', '/send'), 405, 'method_not_allowed'],
    [request('GET', '/%'), 400, 'bad_request'],
    [request('GET', '/messages?username=nobody'), 404, 'user_not_found'],
    [request('POST', '/register', {}, { username: 'alice' }), 409, 'username_taken'],
    [request('POST', '/login', {}, tooLong), 413, 'payload_too_large'],
    [request('GET', '/events?username=nobody'), 404, 'user_not_found'],
    [request('GET', '/ws?username=nobody', asking), 404, 'user_not_found'],
    [request('GET', '/online'), 200, undefined],
  ] as const) {
    const client = await RawClient.open(t, url, asked)
    t.match(await client.answer(), { status })
    client.socket.destroy()
    const said = await line()
    t.match(said, { msg: 'request', status, code, ms: Number, address: '127.0.0.1' }, asked.split('\r\n', 1)[0] ?? '')
    t.notOk('hung_up' in said)
  }
})

void t.test('a poll that is hung up has its line', async (t) => {
  const { chat, url, line } = await startLogged(t)
  const { event_id: cursor } = (await chat.get('/events', { username: 'bob', wait: 0 })).body
  await line()
  for (const path of ['/messages', '/events']) {
    const query = path === '/events' ? `&last_event_id=${String(cursor)}` : ''
    const client = await RawClient.open(t, url, request('GET', `${path}?username=bob&wait=60${query}`))
    await until(() => countsOf(chat)['listeners'] === 1)
    client.socket.destroy()
    const said = await line()
    t.match(said, { msg: 'request', method: 'GET', path, hung_up: true, user: 2, ms: Number, address: '127.0.0.1' })
    t.notOk('status' in said, 'it had no answer')
  }
})

void t.test('a stream has its line when it ends, with what it was closed with', async (t) => {
  const { chat, url, line, lines } = await startLogged(t)
  const open = async (username: string) => {
    const client = await RawClient.open(
      t,
      url,
      request('GET', '/online') + request('GET', `/events?username=${username}`),
    )
    await client.answer()
    t.match(await line(), { path: '/online' })
    await client.text(/"hello"[^\n]*\n\n\r\n/)
    return client
  }
  const alice = await open('alice')
  const bob = await open('bob')
  t.same(lines, [], 'as long as they live there is nothing to say')
  alice.socket.destroy()
  const hungUp = await line()
  t.match(hungUp, { msg: 'request', path: '/events', status: 200, user: 1, hung_up: true, ms: Number })
  t.ok(Number(hungUp['bytes_sent']) > 200 && Number(hungUp['bytes_sent']) < 1500, String(hungUp['bytes_sent']))
  t.notOk('close_code' in hungUp)
  await chat.logout('bob')
  await bob.closed()
  bob.socket.end()
  const both = [await line(), await line()]
  const ended = both.find(({ path }) => path === '/events')
  t.match(ended, { status: 200, user: 2, close_code: closeCodes.user_removed.code, bytes_sent: Number })
  t.notOk(ended && 'hung_up' in ended)
})

void t.test('a WebSocket has a line when it opens, and one when it closes, with the code', async (t) => {
  const { chat, url, line } = await startLogged(t)
  const opened = async (): Promise<Line> => {
    const said = await line()
    t.match(said, { msg: 'request', path: '/ws', status: 101, user: 1 })
    return said
  }
  const closed = { msg: 'WebSocket', user: 1, ms: Number, bytes_sent: Number }

  const polite = openWebSocket(t, url, { username: 'alice' })
  await once(polite.webSocket, 'heard')
  const { id } = await opened()
  polite.webSocket.close(4321)
  t.match(await line(), { ...closed, id, close_code: 4321 })

  const rude = await RawClient.open(t, url, handshake('alice'))
  await rude.head()
  await opened()
  rude.socket.resetAndDestroy()
  t.match(await line(), { ...closed, close_code: 1006 })

  const removed = openWebSocket(t, url, { username: 'alice' })
  await once(removed.webSocket, 'heard')
  await opened()
  await chat.logout('alice')
  const both = [await line(), await line()]
  t.match(
    both.find(({ msg }) => msg === 'WebSocket'),
    { ...closed, close_code: closeCodes.user_removed.code },
  )
})

void t.test('in a terminal each of them is one line', async (t) => {
  const terminal = new PassThrough()
  let text = ''
  terminal.on('data', (chunk: Buffer) => (text += String(chunk)))
  const logger = pino({ base: null }, linesForPeople(terminal))
  const { url } = await startLiveChat(t, {}, { logger })
  await post(url, '/register', { username: 'alice' })
  const webSocket = openWebSocket(t, url, { username: 'alice' })
  await webSocket.listener.next('hello')
  webSocket.webSocket.close(1000)
  await webSocket.listener.ended()
  const client = await RawClient.open(t, url, request('GET', '/nothing'))
  await client.answer()
  await until(() => text.includes('/nothing'))
  const time = String.raw`\[\d\d:\d\d:\d\d\.\d{3}\] \S*INFO\S*: `
  t.match(text.trim().split('\n').slice(0, 4), [
    new RegExp(`^${time}.*POST /register 200 [\\d.]+ ms 127.0.0.1`),
    new RegExp(`^${time}.*GET /ws 101 [\\d.]+ ms user 1 127.0.0.1`),
    new RegExp(`^${time}.*WebSocket closed with 1000 [\\d.]+ ms \\d+ bytes user 1`),
    new RegExp(`^${time}.*GET /nothing 404 not_found [\\d.]+ ms 127.0.0.1`),
  ])
})
