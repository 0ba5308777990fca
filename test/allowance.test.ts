import t from 'tap'
import { fails, startChat, type Chat } from './support/chat.js'
import { startLiveChat } from './support/live-chat.js'
import { RawClient } from './support/raw-client.js'
import { runServer, startServer } from './support/server.js'

/** Asks through a proxy at 127.0.0.1, which says that it is for this address. */
const askFrom = (chat: Chat, address: string) =>
  chat.request({ url: '/online', headers: { 'x-forwarded-for': address } })

const plain = (method: string, path: string) => `${method} ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

const trusting = { CHATROOM_TRUST_PROXY: '127.0.0.1, 10.0.0.0/8' }

void t.test('a client that asks too often is told when to come back', async (t) => {
  const chat = await startChat(t, { CHATROOM_RATE_LIMIT: 3 })
  await chat.register('alice')
  const first = await chat.get('/online')
  t.match(first.headers['ratelimit'], /^"requests";r=1;t=\d+$/)
  await chat.get('/online', {}, 'made-up-1')
  const refused = chat.get('/online', {}, 'made-up-2')
  await fails(t, refused, 429, 'rate_limited')
  t.match((await refused).headers, { 'retry-after': /^\d+$/, 'ratelimit-policy': '"requests";q=3;w=60' })
  t.equal((await chat.request({ url: '/health' })).status, 200)
  const elsewhere = await chat.request({ url: '/online', remoteAddress: '10.0.0.9' })
  t.equal(elsewhere.status, 200, 'another address counts for itself')
})

void t.test('the tokens of an address share its allowance, and a token has one wherever it comes from', async (t) => {
  const chat = await startChat(t, { CHATROOM_RATE_LIMIT: 10, ...trusting })
  const tokens: string[] = []
  for (let number = 0; number < 8; number++) tokens.push(await chat.register(`guest${number}`))
  const statuses: number[] = []
  for (const token of tokens) statuses.push((await chat.get('/online', {}, token)).status)
  t.same(statuses, [200, 200, 429, 429, 429, 429, 429, 429])
  const [token = ''] = tokens
  const travels = async (number: number) => {
    const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': `192.0.2.${number}` }
    return (await chat.request({ url: '/online', headers })).status
  }
  const answers = await Promise.all(Array.from({ length: 10 }, (_, number) => travels(number)))
  t.equal(answers.filter((status) => status === 429).length, 1, 'one has been asked for before')
})

void t.test('names are registered slowly from one address, whether they are had or not', async (t) => {
  const chat = await startChat(t, { CHATROOM_REGISTRATION_RATE: 3 })
  await chat.register('alice')
  await chat.register('bob')
  await fails(t, chat.post('/register', { username: 'bob' }), 409, 'username_taken')
  const refused = chat.post('/register', { username: 'carol' })
  await fails(t, refused, 429, 'rate_limited')
  const { headers } = await refused
  t.match(headers['ratelimit-policy'], '"registrations";q=3;w=3600')
  t.ok(Number(headers['retry-after']) > 3000)
  t.equal((await chat.get('/online')).status, 200, 'all else goes on')
  const elsewhere = { method: 'POST', url: '/register', payload: { username: 'carol' } } as const
  t.equal((await chat.request({ ...elsewhere, remoteAddress: '10.0.0.9' })).status, 200)
})

void t.test('registration is slow unless the operator says otherwise', async (t) => {
  const { url } = await startServer(t, { CHATROOM_REGISTRATION_RATE: '' })
  const headers = { 'content-type': 'application/json' }
  const register = async (number: number) =>
    (await fetch(`${url}/register`, { method: 'POST', headers, body: `{"username":"guest${number}"}` })).status
  const statuses: number[] = []
  for (let number = 0; number < 102; number++) statuses.push(await register(number))
  t.same(statuses.slice(98), [200, 200, 429, 429])
})

void t.test('an address puts so many others into rooms, whoever makes them', async (t) => {
  const chat = await startChat(t, { CHATROOM_PARTICIPANT_RATE: 3 })
  for (const name of ['alice', 'bob', 'carol']) await chat.register(name)
  await chat.createRoom('alice', ['bob', 'carol'])
  const refused = chat.post('/create_room', { admin: 'bob', participants: ['alice', 'carol'] })
  await fails(t, refused, 429, 'rate_limited')
  t.match((await refused).headers['ratelimit-policy'], '"participants";q=3;w=3600')
  t.equal((await chat.get('/online')).status, 200, 'all else goes on')
  const elsewhere = { method: 'POST', url: '/create_room', payload: { admin: 'bob', participants: ['alice'] } } as const
  t.equal((await chat.request({ ...elsewhere, remoteAddress: '10.0.0.9' })).status, 200)
})

void t.test('a clock that is set back locks nobody out', async (t) => {
  const chat = await startChat(t, { CHATROOM_RATE_LIMIT: 1 })
  await chat.register('alice')
  const { now } = Date
  t.teardown(() => (Date.now = now))
  Date.now = () => now() - 3_600_000
  const { status, headers } = await chat.get('/online')
  t.equal(status, 429)
  t.ok(Number(headers['retry-after']) <= 60)
})

void t.test('requests that carry a password have a limit of their own', async (t) => {
  const chat = await startChat(t, { CHATROOM_PASSWORD_RATE_LIMIT: 2 })
  const guess = () => chat.post('/login', { username: 'alice', password: 'guess' })
  await fails(t, guess(), 401, 'bad_credentials')
  await fails(t, guess(), 401, 'bad_credentials')
  const refused = guess()
  await fails(t, refused, 429, 'rate_limited')
  t.match((await refused).headers['retry-after'], /^\d+$/)
  await fails(t, chat.post('/register', { username: 'bob', password: 'long enough' }), 429, 'rate_limited')
  await chat.register('guest')
})

void t.test('a proxy is believed only where it is trusted', async (t) => {
  const trusts = await startChat(t, { CHATROOM_RATE_LIMIT: 1, ...trusting })
  t.equal((await askFrom(trusts, '10.0.0.1')).status, 200)
  t.equal((await askFrom(trusts, '10.0.0.2')).status, 200)
  const wary = await startChat(t, { CHATROOM_RATE_LIMIT: 1 })
  t.equal((await askFrom(wary, '10.0.0.1')).status, 200)
  await fails(t, askFrom(wary, '10.0.0.2'), 429, 'rate_limited')
})

void t.test('an address is the same, however a proxy writes it', async (t) => {
  const chat = await startChat(t, { CHATROOM_RATE_LIMIT: 1, ...trusting })
  for (const [first, ...same] of [
    ['203.0.113.7:40001', '203.0.113.7:40002', '203.0.113.7', '::ffff:203.0.113.7', '[::ffff:cb00:7107]:3'],
    ['203.0.113.8', '203.0.113.8:1, 10.0.0.9:40001', '1.2.3.4:5, 203.0.113.8:6, 10.0.0.9'],
    ['[2001:db8::1]:11', '[2001:db8::2]:12', '2001:db8::1', '2001:DB8:0:0:ffff::1.2.3.4', '2001:0db8::%eth0'],
    ['fe80::1%eth0', 'fe80::2'],
    ['unknown', '_hidden', 'x'.repeat(9000), '1.2.3.4.5', '[::1', '1.2.3.4:'],
  ] as const) {
    t.equal((await askFrom(chat, first)).status, 200, first)
    for (const address of same) t.equal((await askFrom(chat, address)).status, 429, address.slice(0, 50))
  }
})

void t.test('the networks of an IPv6 site share a larger allowance', async (t) => {
  const chat = await startChat(t, { CHATROOM_RATE_LIMIT: 2, ...trusting })
  const statuses: number[] = []
  for (let network = 0; network < 40; network++)
    statuses.push((await askFrom(chat, `2001:db8:1:${network.toString(16)}::1`)).status)
  t.equal(statuses.indexOf(429), 32)
  t.equal((await askFrom(chat, '2001:db8:2::1')).status, 200)
})

void t.test('whatever is asked counts', async (t) => {
  const preflight =
    'OPTIONS /send HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nAccess-Control-Request-Method: POST\r\n\r\n'
  const asked = [preflight, plain('GET', '/%'), plain('OPTIONS', '/send'), plain('GET', '/none'), plain('PUT', '/send')]
  for (const bytes of [...asked, plain('GET', '/docs/'), plain('GET', `/messages/${'x'.repeat(200)}`)]) {
    const { url } = await startLiveChat(t, { CHATROOM_RATE_LIMIT: 2 })
    const statuses: number[] = []
    for (let count = 0; count < 3; count++) {
      const client = await RawClient.open(t, url, bytes)
      statuses.push(Number((await client.text(/\r\n\r\n/)).split(' ')[1]))
      client.socket.destroy()
    }
    t.equal(statuses.indexOf(429), 2, bytes.slice(0, 30))
  }
})

void t.test('what is not HTTP counts, and one too many is told nothing', async (t) => {
  const { url } = await startLiveChat(t, { CHATROOM_RATE_LIMIT: 2 })
  for (let count = 0; count < 2; count++) {
    const client = await RawClient.open(t, url, 'nonsense\r\n\r\n')
    t.match(await client.text(/\}$/), /^HTTP\/1.1 400 /)
  }
  const client = await RawClient.open(t, url, 'nonsense\r\n\r\n')
  await t.rejects(client.text(/./), 'it ends')
})

void t.test('a server that believes everybody says so, and so does one that does not believe its proxy', async (t) => {
  const believing = await startServer(t, { CHATROOM_TRUST_PROXY: 'true' })
  await believing.says(/CHATROOM_TRUST_PROXY=true believes whatever address/)
  const wary = await startServer(t)
  t.notMatch(wary.output(), /TRUST_PROXY/)
  for (let count = 0; count < 3; count++)
    await fetch(`${wary.url}/online`, { headers: { 'x-forwarded-for': '203.0.113.7' } })
  await wary.says(/X-Forwarded-For, which is not believed/)
  t.equal(wary.output().match(/X-Forwarded-For, which is not believed/g)?.length, 1)
  const { code, output } = await runServer(t, { CHATROOM_TRUST_PROXY: '127.0.0.1, 10.0.0.256' })
  t.equal(code, 1)
  t.match(output, /CHATROOM_TRUST_PROXY is "127\.0\.0\.1, 10\.0\.0\.256", which is no list of addresses/)
})
