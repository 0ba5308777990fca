import t, { type Test } from 'tap'
import { committed } from './support/documents.js'
import { fails, startChat, type Answer } from './support/chat.js'
import { liveOf } from './support/open-chat.js'
import { openWebSocket, transports } from './support/listener.js'
import { startNodes, type Node } from './support/nodes.js'
import { until } from './support/remote.js'

/** The bound of these tests, in ms: long enough for a slow machine, and for nobody who waits for its end. */
const soon = { catchUpMs: 300 }

const cursorOf = ({ body }: Answer): string => String(body['event_id'])

interface Operation {
  readonly parameters?: readonly { readonly $ref?: string }[]
  readonly responses: Record<string, { readonly content: { 'application/json': { schema: { $ref: string } } } }>
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, { readonly properties?: Record<string, unknown> }> }
}

/** Two servers on one log, with alice and bob. */
async function start(t: Test, options = {}): Promise<[Node, Node]> {
  const [one, other] = (await startNodes(t, 2, {}, options)) as [Node, Node]
  await one.chat.register('alice')
  const registered = await one.chat.post('/register', { username: 'bob' })
  await other.chat.get('/ready', { after_event_id: cursorOf(registered) })
  return [one, other]
}

const write = ({ chat }: Node, message: string): Promise<Answer> =>
  chat.post('/send', { sender: 'alice', recipient: 'bob', message })

void t.test('what writes is answered with a cursor, by HTTP and by frame', async (t) => {
  const [{ chat, url }] = await start(t)
  const answers = [
    await chat.post('/register', { username: 'carol', password: 'correct horse' }),
    await chat.post('/login', { username: 'carol', password: 'correct horse' }),
    await chat.post('/create_room', { admin: 'alice', participants: ['bob'] }),
    await chat.post('/send', { sender: 'alice', recipient: 'bob', message: 'Hello' }),
    await chat.request({ method: 'PATCH', url: '/messages/2', payload: { username: 'alice', message: 'Hello, Bob' } }),
    await chat.request({ method: 'DELETE', url: '/messages/2', query: { username: 'alice' } }),
    await chat.post('/leave_room', { username: 'alice', room_id: 'room_1' }),
    await chat.post('/logout', { username: 'alice' }),
  ]
  const positions = answers.map((answer) => Number(/-(\d+)$/.exec(cursorOf(answer))?.[1]))
  t.same(
    positions,
    [...new Set(positions)].sort((one, another) => one - another),
    'each is behind the one before',
  )
  const { webSocket, listener, answer } = openWebSocket(t, url, { username: 'bob' })
  await listener.next('hello')
  webSocket.send(JSON.stringify({ type: 'send', recipient: 'bob', message: 'by frame' }))
  t.equal((await answer())['event_id'], chat.app.chat.cursor)
  webSocket.send(JSON.stringify({ type: 'ping' }))
  t.same(await answer(), { type: 'ack' }, 'what writes nothing has none')
  for (const url of ['/announcement', '/online']) t.notOk('event_id' in (await chat.get(url)).body, url)
})

void t.test('what writes says so in the document, and what reads may be told what to wait for', async (t) => {
  const { paths, components } = JSON.parse(await committed('openapi.json')) as Document
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
  )
  const writing = operations.filter((operation) => JSON.stringify(operation).includes('"outcome_unknown":{"value"'))
  t.equal(writing.length, 13)
  for (const { name, responses } of writing) {
    const { $ref = '' } = responses['200']?.content['application/json'].schema ?? {}
    t.ok(components.schemas[$ref.split('/').at(-1) ?? '']?.properties?.['event_id'], name)
  }
  const reading = operations.filter(({ parameters = [] }) =>
    parameters.some(({ $ref = '' }) => $ref.endsWith('/AfterEventIdParameter')),
  )
  t.same(
    reading.map(({ name }) => name),
    [
      'get /online',
      'get /sessions',
      'get /conversations/{recipient}/messages',
      'get /messages',
      'get /announcement',
      'get /ready',
    ],
  )
  for (const operation of reading) t.match(JSON.stringify(operation), /not_caught_up|NotCaughtUp/, operation.name)
})

void t.test('a repeat is answered as the first time, but for the cursor, which may be a later one', async (t) => {
  const [one, other] = await start(t)
  const message = { sender: 'alice', recipient: 'bob', message: 'once', client_id: '1' }
  const { event_id: first, ...said } = (await one.chat.post('/send', message)).body
  await other.chat.get('/ready', { after_event_id: String(first) })
  await other.chat.send('alice', 'bob', 'between')
  const { event_id: again, ...repeated } = (await other.chat.post('/send', message)).body
  t.same(repeated, said)
  t.not(again, first)
})

void t.test('a read waits for the write that it says, on another node', async (t) => {
  const [one, other] = await start(t)
  const release = other.hold()
  const room = await one.chat.createRoom('alice', ['bob'])
  const written = await write(one, 'Hello')
  t.same(await other.chat.texts('bob'), [], 'without the cursor it may not be there')
  const query = { after_event_id: cursorOf(written) }
  const reads = [
    other.chat.get('/messages', { username: 'bob', ...query }),
    other.chat.get('/online', query),
    other.chat.get('/announcement', query),
    other.chat.get(`/conversations/${room}/messages`, { username: 'bob', ...query }),
    other.chat.get('/ready', query),
  ]
  let answered = 0
  for (const read of reads) void read.then(() => answered++)
  await other.chat.get('/health')
  t.equal(answered, 0)
  release()
  const [messages] = await Promise.all(reads)
  t.match(messages?.body['messages'], [{ recipient: room }, { message: 'Hello' }])
  t.equal(liveOf(other.chat.app.chat)['catchUp']['waiting'].size, 0)
})

void t.test('what another node has just changed is not refused', async (t) => {
  const [one, other] = await start(t)
  const release = other.hold()
  const carol = await one.chat.register('carol', 'correct horse')
  const room = await one.chat.createRoom('alice', ['bob'])
  const id = await one.chat.send('alice', room, 'Hello')
  await one.chat.logout('bob')
  const asked = [
    other.chat.post('/send', { sender: 'alice', recipient: 'carol', message: 'Hello' }),
    other.chat.post('/send', { recipient: room, sender: 'alice', message: 'Hello again' }),
    other.chat.post('/login', { username: 'carol', password: 'correct horse' }),
    other.chat.post('/create_room', { admin: 'carol', participants: ['alice'] }, carol),
    other.chat.post('/register', { username: 'bob' }),
    other.chat.request({ method: 'PATCH', url: `/messages/${id}`, payload: { username: 'alice', message: 'Hi' } }),
    other.chat.get(`/conversations/${room}/messages`, { username: 'alice' }),
  ]
  const answers = Promise.all(asked)
  await other.catchesUp()
  release()
  t.same(
    (await answers).map(({ status }) => status),
    asked.map(() => 200),
  )
})

void t.test('what is wrong on every node is refused, and soon', async (t) => {
  const [one, other] = await start(t)
  await fails(t, other.chat.get('/messages', { username: 'nobody' }), 404, 'user_not_found')
  const release = other.hold()
  await one.chat.register('carol')
  const refused = fails(t, other.chat.get('/messages', { username: 'nobody' }), 404, 'user_not_found')
  release()
  await refused
  for (const [chat, status] of [
    [one.chat, 409],
    [other.chat, 409],
  ] as const)
    t.equal((await chat.post('/register', { username: 'carol' })).status, status)
})

void t.test('a frame that names what another node has just made is not refused', async (t) => {
  const [one, other] = await start(t)
  const { webSocket, listener, answer } = openWebSocket(t, other.url, { username: 'bob' })
  await listener.next('hello')
  const release = other.hold()
  await one.chat.register('carol')
  webSocket.send(JSON.stringify({ type: 'typing', recipient: 'carol', client_id: '1' }))
  webSocket.send(JSON.stringify({ type: 'send', recipient: 'carol', message: 'first', client_id: '2' }))
  webSocket.send(
    JSON.stringify({ type: 'send', recipient: 'carol', message: 'second', client_id: '3', in_order: true }),
  )
  await other.catchesUp()
  release()
  const answers = [await answer(), await answer(), await answer()]
  t.same(
    answers.map(({ type }) => type),
    ['ack', 'ack', 'ack'],
  )
  t.same(await one.chat.texts('carol'), ['first', 'second'])
})

void t.test('what the log has refused is a place where a read can wait, too', async (t) => {
  const [one, other] = await start(t)
  const release = other.hold()
  const both = await Promise.all(['carol', 'carol'].map((username) => one.chat.post('/register', { username })))
  t.same(new Set(both.map(({ status }) => status)), new Set([200, 409]))
  const read = other.chat.get('/online', { after_event_id: one.chat.app.chat.cursor })
  release()
  t.equal((await read).status, 200)
})

void t.test('a node that does not come there in time says so', async (t) => {
  const [one, other] = await start(t, soon)
  other.hold()
  const query = { after_event_id: cursorOf(await write(one, 'Hello')) }
  const failure = await fails(t, other.chat.get('/online', query), 503, 'not_caught_up')
  t.match(failure.message, /another node/)
  const { headers } = await other.chat.get('/ready', query)
  t.equal(headers['retry-after'], '1')
  t.equal(liveOf(other.chat.app.chat)['catchUp']['waiting'].size, 0)
})

void t.test('a client that hangs up, and a server that stops, wait no longer', async (t) => {
  const [one, other] = await start(t)
  other.hold()
  const query = `after_event_id=${cursorOf(await write(one, 'Hello'))}`
  const { waiting } = liveOf(other.chat.app.chat)['catchUp'] as unknown as { waiting: Map<number, unknown> }
  const over = new AbortController()
  const read = fetch(`${other.url}/online?${query}`, { signal: over.signal })
  await until(() => waiting.size === 1)
  over.abort()
  await t.rejects(read)
  await until(() => waiting.size === 0)
  const last = other.chat.get(`/online?${query}`)
  await until(() => waiting.size === 1)
  other.chat.app.chat.releasePolls()
  await fails(t, last, 503, 'not_caught_up')
})

void t.test('a cursor that says nothing to a node is passed over, and what is none is refused', async (t) => {
  const [one] = await start(t)
  const alone = await startChat(t)
  const ahead = one.chat.app.chat.cursor.replace(/\d+$/, '999999')
  for (const [chat, cursor] of [
    [one.chat, '0badc0de-999999'],
    [alone, '0badc0de-999999.3'],
    [alone, alone.app.chat.cursor.replace(/\d+$/, '999999')],
    [one.chat, ahead.replace('999999', '9'.repeat(40))],
  ] as const)
    t.match(await chat.get('/online', { after_event_id: cursor }), { status: 200 }, cursor)
  for (const junk of ['hello', '', '0badc0de', '0badc0de-', `0badc0de-${'1'.repeat(60)}`, 'a b-1', '-1']) {
    const { details } = await fails(t, one.chat.get('/online', { after_event_id: junk }), 400, 'invalid_request')
    t.match(details, [{ path: '/query/after_event_id' }], junk)
  }
  await fails(t, one.chat.get(`/online?after_event_id=${ahead}&after_event_id=${ahead}`), 400, 'invalid_request')
  for (const url of ['/health', '/ws', '/events'])
    await fails(t, one.chat.get(url, { after_event_id: ahead }), 400, 'invalid_request')
})

for (const transport of transports) {
  const { name } = transport
  void t.test(`who comes from another node is waited for, though it is not known here yet: ${name}`, async (t) => {
    const [one, other] = await start(t)
    const release = other.hold()
    await one.chat.register('carol')
    const lastEventId = one.chat.app.chat.cursor
    const listener = transport.open(t, other.url, { username: 'carol', lastEventId })
    const { addresses } = other.chat.app.live['connections'] as unknown as { addresses: Map<string, number> }
    await until(() => addresses.size === 1)
    await one.chat.send('carol', 'carol', 'to myself')
    release()
    const first = await listener.next()
    if (first.type === 'hello') t.equal(first.event_id, lastEventId)
    const event = first.type === 'hello' ? await listener.next() : first
    t.match(event, { type: 'message.created', message: { message: 'to myself' } }, 'without a resync')
  })

  void t.test(`who has a token from another node is let in, though it says no cursor: ${name}`, async (t) => {
    const [one, other] = await start(t)
    const release = other.hold()
    const token = await one.chat.register('carol', 'correct horse')
    const listener = transport.open(t, other.url, { token })
    await other.catchesUp()
    release()
    t.match(await listener.next('hello'), { username: 'carol' })
  })

  void t.test(`it is not waited for ever, and then there is a resync: ${name}`, async (t) => {
    const [one, other] = await start(t, soon)
    other.hold()
    await write(one, 'Hello')
    const listener = transport.open(t, other.url, { username: 'bob', lastEventId: one.chat.app.chat.cursor })
    t.match(await listener.next('resync'), { event_id: other.chat.app.chat.cursor })
  })

  void t.test(`who hangs up while it waits is gone: ${name}`, async (t) => {
    const [one, other] = await start(t)
    other.hold()
    await write(one, 'Hello')
    const listener = transport.open(t, other.url, { username: 'bob', lastEventId: one.chat.app.chat.cursor })
    const { addresses } = other.chat.app.live['connections'] as unknown as { addresses: Map<string, number> }
    await until(() => addresses.size === 1)
    listener.close()
    await until(() => addresses.size === 0)
    t.equal(liveOf(other.chat.app.chat)['catchUp']['waiting'].size, 0)
  })
}

void t.test('who waits counts as a connection of its address', async (t) => {
  const [one, other] = (await startNodes(t, 2, { CHATROOM_ADDRESS_CONNECTIONS: 1 })) as [Node, Node]
  await one.chat.register('bob')
  const release = other.hold()
  const cursor = cursorOf(await one.chat.post('/register', { username: 'alice' }))
  const query = `username=alice&wait=0&last_event_id=${cursor}`
  const first = fetch(`${other.url}/events?${query}`)
  await until(() => liveOf(other.chat.app.chat)['catchUp']['waiting'].size === 1)
  const second = await fetch(`${other.url}/events?${query}`)
  t.match(await second.json(), { code: 'too_many_connections' })
  release()
  t.equal((await first).status, 200)
})

void t.test('a node alone waits for nobody: there is a resync at once', async (t) => {
  const alone = await startChat(t)
  await alone.register('alice')
  const ahead = alone.app.chat.cursor.replace(/\d+$/, '999999')
  const { body } = await alone.get('/events', { username: 'alice', wait: 0, last_event_id: ahead })
  t.match(body['events'], [{ type: 'resync' }])
})
