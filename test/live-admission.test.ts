import { pino } from 'pino'
import t, { type Test } from 'tap'
import { connectionsOf, nobodyLeft } from './support/left-behind.js'
import { startLiveChat, type LiveChat } from './support/live-chat.js'
import { RawClient } from './support/raw-client.js'
import { asking, request } from './support/raw-frames.js'
import { until } from './support/remote.js'

type Headers = Record<string, string>
type Ask = (query: string, headers?: Headers) => string

/** What opens a live connection, and what is answered if it may. */
const kinds: Record<string, { readonly ask: Ask; readonly status: number }> = {
  WebSocket: { ask: (query, headers) => request('GET', `/ws?${query}`, { ...asking, ...headers }), status: 101 },
  'Server-Sent Events': {
    ask: (query, headers) => request('GET', `/events?${query}`, { Accept: 'text/event-stream', ...headers }),
    status: 200,
  },
  'long poll': { ask: (query, headers) => request('GET', `/events?${query}&wait=60`, headers), status: 200 },
}

const from = (address: string): Headers => ({ 'X-Forwarded-For': address })
const trusting = { CHATROOM_TRUST_PROXY: '127.0.0.1' }

/** Asks to be let in, and goes. @returns the answer if that is no */
async function knock(t: Test, { url }: LiveChat, bytes: string) {
  const client = await RawClient.open(t, url, bytes)
  const head = await client.text(/\r\n\r\n/)
  const status = Number(head.split(' ')[1])
  const isIn = status === 101 || status === 200
  const { code } = isIn ? { code: undefined } : (JSON.parse(await client.text(/\}$/)) as { code: string })
  client.socket.destroy()
  return { status, code, head }
}

void t.test('who opens too many connections a minute is told when to come back, whatever they are', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_HANDSHAKE_RATE: 3, ...trusting })
  await live.chat.register('alice')
  for (const [number, { ask, status }] of Object.values(kinds).entries()) {
    const address = from(`10.0.0.${number}`)
    for (let count = 0; count < 3; count++)
      t.match(await knock(t, live, ask('username=alice', address)), { status, code: undefined })
    for (const other of Object.values(kinds)) {
      const refused = await knock(t, live, other.ask('username=alice', address))
      t.match(refused, { status: 429, code: 'rate_limited', head: /\r\nretry-after: [1-9]\d?\r\n/ })
    }
    t.match(await knock(t, live, ask('username=alice', from(`10.1.0.${number}`))), { status })
    t.match(await knock(t, live, ask('username=nobody', from(`10.1.0.${number}`))), { status: 404 })
    t.match(await knock(t, live, ask('username=nobody', from(`10.1.0.${number}`))), { status: 404 })
    t.match(await knock(t, live, ask('username=nobody', from(`10.1.0.${number}`))), { status: 429 }, 'tries count')
  }
  await nobodyLeft(live.chat)
})

void t.test('an address is that of the proxy, unless that is trusted; of IPv6 it is the network', async (t) => {
  const { ask, status } = kinds['WebSocket'] as (typeof kinds)[string]
  for (const [settings, addresses] of [
    [{}, [['10.0.0.1', '10.0.0.2', 429]]],
    [
      trusting,
      [
        ['10.0.0.1', '10.0.0.2', status],
        ['10.0.0.3', '10.0.0.4, 10.0.0.3', 429],
        ['2001:db8::1', '2001:db8::ffff', 429],
        ['2001:db8:0:1::1', '2001:db8:0:2::1', status],
      ],
    ],
  ] as const) {
    const live = await startLiveChat(t, { CHATROOM_HANDSHAKE_RATE: 1, ...settings })
    await live.chat.register('alice')
    for (const [first, second, expected] of addresses) {
      t.match(await knock(t, live, ask('username=alice', from(first))), { status })
      t.match(await knock(t, live, ask('username=alice', from(second))), { status: expected }, `${first}, ${second}`)
    }
  }
})

void t.test('an address has so many connections, of whatever kind, and gets their places back', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_ADDRESS_CONNECTIONS: 3, ...trusting })
  const { chat, url } = live
  for (const username of ['alice', 'bob', 'carol', 'dave']) await chat.register(username)
  const { event_id: cursor } = (await chat.get('/events', { username: 'alice', wait: 0 })).body
  const address = from('10.0.0.1')
  for (let round = 0; round < 2; round++) {
    const clients: RawClient[] = []
    for (const [number, { ask }] of Object.values(kinds).entries()) {
      const query = `username=${['alice', 'bob', 'carol'][number]}&last_event_id=${String(cursor)}`
      clients.push(await RawClient.open(t, url, ask(query, address)))
      await until(() => connectionsOf(chat) === number + 1)
    }
    for (const { ask, status } of Object.values(kinds)) {
      const refused = { status: 429, code: 'too_many_connections', head: /\r\nretry-after: \d+\r\n/ }
      t.match(await knock(t, live, ask('username=dave', address)), refused)
      t.match(await knock(t, live, ask('username=dave', from('10.0.0.2'))), { status })
    }
    await until(() => connectionsOf(chat) === 3)
    for (const { socket } of clients) socket.destroy()
    await nobodyLeft(chat)
  }
})

void t.test('a user has so many connections, from wherever, and however it says who it is', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_USER_CONNECTIONS: 2, ...trusting })
  const { chat, url } = live
  await chat.register('bob')
  const token = await chat.register('alice')
  const { ask } = kinds['WebSocket'] as (typeof kinds)[string]
  const first = await RawClient.open(t, url, ask('username=ALICE', from('10.0.0.1')))
  const second = await RawClient.open(t, url, ask(`access_token=${token}`, from('10.0.0.2')))
  await until(() => connectionsOf(chat) === 2)
  for (const { ask, status } of Object.values(kinds)) {
    const refused = { status: 429, code: 'too_many_connections' }
    t.match(await knock(t, live, ask('username=alice', from('10.0.0.3'))), refused)
    t.match(await knock(t, live, ask('', { ...from('10.0.0.4'), Authorization: `Bearer ${token}` })), refused)
    t.match(await knock(t, live, ask('username=bob', from('10.0.0.3'))), { status })
  }
  for (const { socket } of [first, second]) socket.destroy()
  await nobodyLeft(chat)
})

void t.test('pages of other origins than those that are named are refused', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_CORS_ORIGIN: 'https://a.example,https://b.example', ...trusting })
  await live.chat.register('alice')
  for (const { ask, status } of Object.values(kinds)) {
    for (const headers of [
      {},
      { Origin: 'https://a.example' },
      { Origin: 'https://b.example' },
      { Origin: 'http://chat.example' },
      { Origin: 'https://front.example', 'X-Forwarded-Host': 'front.example', ...from('10.0.0.1') },
    ])
      t.match(await knock(t, live, ask('username=alice', headers)), { status }, JSON.stringify(headers))
    for (const origin of [
      'https://c.example',
      'https://a.example.c.example',
      'http://a.example',
      'https://a.example:8443',
      'https://chat.example.c.example',
      'http://chat.example:8080',
      'null',
      'file://',
    ]) {
      const refused = await knock(t, live, ask('username=alice', { Origin: origin }))
      t.match(refused, { status: 403, code: 'origin_not_allowed' }, origin)
      t.notMatch(refused.head, /access-control-allow-origin/i)
    }
  }
  await nobodyLeft(live.chat)
})

void t.test("a cookie counts for the server's own pages, and those that it names, not for whoever asks", async (t) => {
  const own = 'https://chat.example'
  const named = 'https://a.example'
  const other = 'https://c.example'
  const apps = {
    '*': await startLiveChat(t, { CHATROOM_AUTH: 'token' }),
    [named]: await startLiveChat(t, { CHATROOM_AUTH: 'token', CHATROOM_CORS_ORIGIN: named }),
  }
  const tokens = { '*': await apps['*'].chat.register('alice'), [named]: await apps[named].chat.register('alice') }
  for (const [setting, headers, isTrusted] of [
    ['*', {}, true],
    ['*', { Origin: own }, true],
    ['*', { Origin: other }, false],
    ['*', { Origin: 'null' }, false],
    ['*', { 'Sec-Fetch-Site': 'same-origin' }, true],
    ['*', { 'Sec-Fetch-Site': 'none' }, true],
    ['*', { 'Sec-Fetch-Site': 'cross-site' }, false],
    ['*', { 'Sec-Fetch-Site': 'same-site' }, false],
    [named, { Origin: own }, true],
    [named, { Origin: named, 'Sec-Fetch-Site': 'cross-site' }, true],
    [named, { 'Sec-Fetch-Site': 'cross-site' }, false],
  ] as const) {
    const [live, token] = [apps[setting], tokens[setting]]
    for (const { ask, status } of Object.values(kinds)) {
      const answer = await knock(t, live, ask('', { ...headers, Cookie: `theme=dark; chatroom_token=${token}` }))
      const expected = isTrusted ? { status } : { status: 401, code: 'token_required' }
      t.match(answer, expected, `${setting} ${JSON.stringify(headers)}`)
      t.match(await knock(t, live, ask(`access_token=${token}`, headers)), { status }, 'a token counts')
    }
  }
})

void t.test('a token in the address is in no log, and counts for live connections alone', async (t) => {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
  const live = await startLiveChat(t, { CHATROOM_AUTH: 'token' }, { logger })
  const { chat } = live
  const token = await chat.register('alice')
  const wrong = 'x'.repeat(43)
  const before = lines.length
  for (const { ask, status } of Object.values(kinds)) {
    t.match(await knock(t, live, ask(`access_token=${token}`)), { status })
    t.match(await knock(t, live, ask(`access_token=${wrong}`)), { status: 401, code: 'invalid_token' })
    t.match(await knock(t, live, ask(`access_token=${wrong}&access_token=${token}`)), { status: 400 })
    t.match(await knock(t, live, ask(`access_token=${wrong}&more=1`)), { status: 400, code: 'invalid_request' })
  }
  for (const [method, path] of [
    ['GET', '/messages?username=alice&'],
    ['GET', '/online?'],
    ['POST', '/send?'],
    ['POST', '/logout?'],
    ['GET', '/nothing?'],
    ['GET', '/ws/?'],
  ] as const) {
    const { status } = await knock(t, live, request(method, `${path}access_token=${token}`))
    t.ok([400, 404, 415].includes(status), `${method} ${path} ${status}`)
  }
  await nobodyLeft(chat)
  await until(() => lines.length >= before + 15)
  for (const secret of [token, wrong]) t.notMatch(lines.join(''), secret)
})
