import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { RawClient } from './support/raw-client.js'
import { request as ask } from './support/raw-frames.js'
import { until } from './support/remote.js'
import { runServer, startServer, type Server } from './support/server.js'
import { folderOf } from './support/test-folder.js'

type Json = Record<string, unknown>

async function post(server: Server, path: string, body: object): Promise<Json> {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Json
}

const get = async (server: Server, path: string): Promise<Json> =>
  (await (await fetch(server.url + path)).json()) as Json

/** Sends raw bytes and gives all that comes back until the server closes. */
async function raw(server: Server, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}

/** A poll of 60 s on a connection of its own that is kept alive. */
function park(server: Server, username: string) {
  const agent = new Agent({ keepAlive: true })
  const call = request(`${server.url}/messages?username=${username}&wait=60`, { agent })
  const answer = (async () => {
    const [response] = (await once(call, 'response')) as [NodeJS.ReadableStream & { headers: Json; statusCode: number }]
    let text = ''
    for await (const chunk of response) text += String(chunk)
    return { status: response.statusCode, body: JSON.parse(text) as Json }
  })()
  call.end()
  return { call, answer }
}

void t.test('a bad setting stops the start with one line that names it and the cure', async (t) => {
  const cases = [
    [{ PORT: 'http' }, /^chatroom cannot start: PORT is "http", but must be a whole number from 0 to 65535\..*\n$/],
    [{ CHATROOM_ANNOUNCEMENT: 'no.txt' }, /CHATROOM_ANNOUNCEMENT is "no\.txt", which cannot be read.*Create the file/],
    [{ HOST: '203.0.113.1' }, /HOST is "203\.0\.113\.1", which is no address of this machine/],
  ] as const
  const ends = cases.map(async ([environment, says]) => {
    const { code, output } = await runServer(t, { ...environment, CHATROOM_LOG_LEVEL: 'silent' })
    t.equal(code, 1)
    t.match(output, says)
    t.equal(output.trimEnd().split('\n').length, 1)
  })
  await Promise.all(ends)
})

void t.test('a port that is taken is named', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { code, output } = await runServer(t, { PORT: String(port), CHATROOM_LOG_LEVEL: 'silent' })
  t.equal(code, 1)
  t.match(output, new RegExp(`^chatroom cannot start: PORT is ${port}, which another process uses\\.`))
})

void t.test('settings come from an .env file, too; the environment goes before', async (t) => {
  const server = await startServer(
    t,
    {},
    { '.env': 'CHATROOM_MESSAGE_LENGTH=5\nCHATROOM_RATE_LIMIT=7\nCHATROOM_RATE_LIMT=1\n' },
  )
  await post(server, '/register', { username: 'alice' })
  t.match(await post(server, '/send', { sender: 'alice', recipient: 'alice', message: 'longer' }), {
    code: 'invalid_request',
  })
  t.equal((await fetch(`${server.url}/online`)).headers.get('ratelimit'), null, 'the environment says 0')
  await server.says(/CHATROOM_RATE_LIMT is not a setting; did you mean CHATROOM_RATE_LIMIT\?/)
})

void t.test(
  'an .env file with a byte order mark loses nothing, and one that cannot be understood stops the start',
  async (t) => {
    const server = await startServer(t, {}, { '.env': '\ufeffCHATROOM_AUTH=token\r\nCHATROOM_GUEST_TTL=60\r\n' })
    t.match(await get(server, '/online'), { code: 'token_required' })
    const folder = folderOf(t, {
      '.env': 'CHATROOM_AUTH\nCHATROOM_OPERATOR_TOKEN=hunter2"\nPORT: 7\n',
      'announcement.txt': '',
    })
    const { code, output } = await runServer(t, {}, folder)
    t.equal(code, 1)
    t.equal(
      output,
      'chatroom cannot start: several things are wrong.\n- Line 1 of .env is not NAME=value.\n- Line 3 of .env is not NAME=value.\n',
    )
  },
)

void t.test('the announcement is followed while the server runs', async (t) => {
  const server = await startServer(t)
  const file = join(server.folder, 'announcement.txt')
  const says = (text: string) => async () => (await get(server, '/announcement'))['announcement'] === text
  t.ok(await says('Welcome.')())
  await writeFile(file, 'Grüße!')
  await until(says('Grüße!'))
  await rm(file)
  await until(() => server.output().includes('the announcement stays as it is'))
  t.ok(await says('Grüße!')())
  await writeFile(file, 'back again')
  await until(says('back again'))
})

void t.test('the start says what runs, on what, and for whom', async (t) => {
  const server = await startServer(t)
  const { folder } = server
  t.match(
    server.output(),
    new RegExp(`ChatRoom \\d+\\.\\d+\\.\\d+ on Node\\.js [\\d.]+, data in ${folder}/data, by \\S*sqlite, auth open"`),
  )
  const nothing = await startServer(t, { CHATROOM_DATA: ':memory:', CHATROOM_AUTH: 'token' })
  await nothing.says(/ChatRoom .*, keeping nothing, auth token"/)
})

void t.test('without a file, unless one was named, the announcement is empty until there is one', async (t) => {
  const server = await startServer(t)
  const file = join(server.folder, 'announcement.txt')
  await server.stop()
  await rm(file)
  const again = await server.restart()
  t.match(await get(again, '/announcement'), { announcement: '' })
  t.notMatch(again.output(), /announcement/)
  await writeFile(file, 'Here I am.')
  await until(async () => (await get(again, '/announcement'))['announcement'] === 'Here I am.')
})

void t.test('guests are said to be open, once; not in token mode', async (t) => {
  const open = await startServer(t)
  await until(() => open.output().includes('Guests are open'))
  const closed = await startServer(t, { CHATROOM_AUTH: 'token' })
  await get(closed, '/health')
  t.notMatch(closed.output(), /Guests are open/)
})

void t.test('the log has a line for each request, without what was said', async (t) => {
  const server = await startServer(t)
  const { token } = await post(server, '/register', { username: 'alice', password: 'p4ssw0rd-long' })
  const headers = { authorization: `Bearer ${String(token)}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ sender: 'alice', recipient: 'alice', message: 'a secret text' })
  await fetch(`${server.url}/send`, { method: 'POST', headers, body })
  await fetch(`${server.url}/messages?username=alice&last_id=0`, { headers })
  await until(() => server.output().includes('"path":"/messages"'))
  const lines = server
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json)
  t.match(
    lines.filter(({ msg }) => msg === 'request'),
    [
      { method: 'POST', path: '/register', status: 200, id: String, ms: Number, address: '127.0.0.1' },
      { method: 'POST', path: '/send', status: 200 },
      { method: 'GET', path: '/messages', status: 200 },
    ],
  )
  for (const secret of [String(token), 'p4ssw0rd', 'secret text', 'username=alice']) t.notMatch(server.output(), secret)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  void t.test(`${signal} answers the polls that wait, refuses what comes later, and ends well`, async (t) => {
    const server = await startServer(t, { CHATROOM_USER_CONNECTIONS: '50' })
    await post(server, '/register', { username: 'alice' })
    const polls = Array.from({ length: 50 }, () => park(server, 'alice'))
    await get(server, '/health')
    t.equal(await server.stop(signal), 0, 'before its patience ends')
    for (const { answer } of polls) t.match(await answer, { status: 200, body: { messages: [], last_id: 0 } })
    await t.rejects(fetch(`${server.url}/health`))
  })
}

void t.test('a client that hangs up is let go', async (t) => {
  const server = await startServer(t, { CHATROOM_GUEST_TTL: '1' })
  await post(server, '/register', { username: 'alice' })
  const { call, answer } = park(server, 'alice')
  answer.catch(() => undefined)
  await get(server, '/health')
  call.destroy()
  // A guest for whom a poll waits is not idle: so the name is free only if the poll is gone.
  await until(async () => (await post(server, '/register', { username: 'alice' }))['status'] === 'success')
  t.pass('the name is free')
})

void t.test('what is not HTTP gets an answer of the catalogue, too', async (t) => {
  const server = await startServer(t)
  const answers = [
    [await raw(server, 'nonsense\r\n\r\n'), 400, 'bad_request'],
    [await raw(server, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`), 431, 'headers_too_large'],
    [await raw(server, 'FOO /send HTTP/1.1\r\nHost: x\r\n\r\n'), 400, 'bad_request'],
  ] as const
  for (const [answer, status, code] of answers) {
    t.match(answer, `HTTP/1.1 ${status} `)
    t.match(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)), { status: 'fail', code })
  }
  t.match(await get(server, '/health'), { status: 'success' })
})

void t.test('who asks and breaks the connection off leaves nothing wrong, and no long line', async (t) => {
  const server = await startServer(t)
  const asked = ask('GET', `/${'x'.repeat(5000)}#access_token=secret`)
  const client = await RawClient.open(t, server.url, asked)
  t.match(await client.answer(), { status: 404 })
  for (let count = 0; count < 100; count++) {
    const { socket } = await RawClient.open(t, server.url, ask('GET', '/online'))
    setImmediate(() => socket.resetAndDestroy())
    await once(socket, 'close')
  }
  await get(server, '/health')
  t.notMatch(server.output(), /request failed|secret/)
  t.notOk(server.output().includes('x'.repeat(300)))
})
