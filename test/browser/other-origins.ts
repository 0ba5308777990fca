import { once } from 'node:events'
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { startServer, type Server } from '../support/server.js'
import { Site } from './site.js'

const password = 'correct horse battery staple'
const json = { 'content-type': 'application/json' }

/** What a page that the server did not serve can do with it, and what not. */
export async function otherOrigins(t: Test, browser: Browser): Promise<void> {
  const site = await Site.start(t)
  // One for all that can share it: a process takes longer to start than most of this to happen.
  const server = await startServer(t, { CHATROOM_BODY_LIMIT: '1024' })
  const visit = (t: Test, name = 'app', { url } = server) => site.visit(t, browser, name, url)

  await t.test('a page registers, sends and polls', async (t) => {
    const client = await visit(t)
    const token = await client.register('alice', password)
    await client.register('bob')
    const sent = await client.post('/send', { sender: 'alice', recipient: 'bob', message: 'Hello, Bob!' }, token)
    t.match(sent, { status: 200, body: { status: 'success', message_id: Number } })
    const { body } = await client.call('/messages?username=bob')
    t.match(body, { messages: [{ sender: 'alice', message: 'Hello, Bob!' }] })
  })

  await t.test('the long poll of a page is answered by what another page sends', async (t) => {
    const [carol, dave] = [await visit(t, 'app'), await visit(t, 'another')]
    await carol.register('carol')
    await dave.register('dave')
    const { answer } = await dave.begin('/messages?username=dave&wait=60')
    // What is asked after it is answered after it.
    await carol.call('/health')
    await carol.post('/send', { sender: 'carol', recipient: 'dave', message: 'Still there?' })
    t.match(await answer, { status: 200, body: { messages: [{ message: 'Still there?' }] } })
  })

  await t.test('a page reads why it failed', async (t) => {
    const client = await visit(t)
    const token = await client.register('erin', password)
    await client.register('frank')
    const toFrank = { sender: 'erin', recipient: 'frank', message: 'Hello' }
    const toRoom = { sender: 'frank', recipient: 'room_7', message: 'Anybody?' }
    const failures = {
      'malformed_json 400': () => client.call('/send', { method: 'POST', headers: json, body: '{"sen' }),
      'invalid_request 400': () => client.post('/send', { sender: 'frank' }),
      'token_required 401': () => client.post('/send', toFrank),
      'invalid_token 401': () => client.post('/send', toFrank, 'made-up'),
      'not_your_name 403': () => client.post('/send', toRoom, token),
      'room_not_found 404': () => client.post('/send', toRoom),
      'not_found 404': () => client.call('/nothing'),
      'method_not_allowed 405': () => client.call('/send', { method: 'PATCH', headers: json, body: '{}' }),
      'username_taken 409': () => client.post('/register', { username: 'Frank' }),
      'payload_too_large 413': () => client.post('/send', { ...toRoom, message: 'a'.repeat(2000) }),
      'unsupported_media_type 415': () => client.call('/send', { method: 'POST', body: JSON.stringify(toFrank) }),
    }
    for (const [failure, read] of Object.entries(failures)) {
      const { status, headers, body } = await read()
      t.equal(`${String(body['code'])} ${status}`, failure)
      t.match({ headers, body }, { headers: { 'x-request-id': String }, body: { status: 'fail', message: String } })
    }
  })

  await t.test('a page reads why it failed, even if its request reached no route', async (t) => {
    const client = await visit(t)
    const failures = { 'bad_request 400': '/%zz', 'headers_too_large 431': `/online?prefix=${'a'.repeat(20_000)}` }
    for (const [failure, path] of Object.entries(failures)) {
      const { status, body } = await client.call(path)
      t.equal(`${String(body['code'])} ${status}`, failure)
    }
  })

  await t.test('a browser asks for leave once, not for every message', async (t) => {
    const client = await visit(t)
    await client.register('grace')
    const before = requestsTo('/send', server).length
    for (const message of ['One', 'Two', 'Three'])
      await client.post('/send', { sender: 'grace', recipient: 'grace', message })
    const methods = () => requestsTo('/send', server).slice(before)
    await logged(server, () => methods().filter((method) => method === 'POST').length === 3)
    t.same(methods(), ['OPTIONS', 'POST', 'POST', 'POST'])
  })

  await t.test('a page reads how much it may still ask, and when to come back', async (t) => {
    const limited = await startServer(t, { CHATROOM_RATE_LIMIT: '4' })
    const client = await visit(t, 'app', limited)
    const { headers } = await client.post('/register', { username: 'alice' })
    t.match(headers, { ratelimit: /^"requests";r=2;t=\d+$/ })
    await logged(limited, () => limited.output().includes(`"id":"${headers['x-request-id']}"`))

    for (let i = 0; i < 2; i++) t.equal((await client.call('/online')).status, 200)
    const late = await client.post('/register', { username: 'bob' })
    t.match(late, { status: 429, body: { status: 'fail', code: 'rate_limited', message: String } })
    t.match(late.headers, { 'retry-after': /^[1-9]\d?$/, 'ratelimit-policy': '"requests";q=4;w=60' })
  })

  await t.test('with CHATROOM_CORS_ORIGIN, the browser lets in the pages of that origin alone', async (t) => {
    const closed = await startServer(t, { CHATROOM_CORS_ORIGIN: site.origin('app') })
    const own = await visit(t, 'app', closed)
    const stranger = await visit(t, 'stranger', closed)
    await t.rejects(stranger.post('/register', { username: 'mallory' }), /Failed to fetch/)
    t.match(await own.post('/register', { username: 'alice' }), { status: 200, headers: { 'x-request-id': String } })
    await t.rejects(stranger.call('/online'), /Failed to fetch/, 'a stranger reads nothing')
    t.same((await own.call('/online')).body['online_users'], ['alice'], 'and has done nothing')
  })
}

interface RequestLine {
  readonly method: string
  readonly path: string
}

/** The methods of the requests to a path that the server has logged so far, in its order. */
const requestsTo = (path: string, server: Server): string[] =>
  server
    .output()
    .split('\n')
    .filter((line) => line.endsWith('"msg":"request"}'))
    .map((line) => JSON.parse(line) as RequestLine)
    .flatMap((line) => (line.path === path ? [line.method] : []))

/** Waits until the server's log shows it, but not for ever. */
async function logged(server: Server, shows: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(10_000)
  while (!shows()) await once(server.process.stdout!, 'data', { signal })
}
