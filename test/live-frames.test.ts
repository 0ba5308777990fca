import { once } from 'node:events'
import type { Socket } from 'node:net'
import { deflateRawSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { closeCodes, protocolCloseCodes } from '../schemas/close-codes.js'
import { liveOf } from './support/open-chat.js'
import { faltering } from './support/faltering-log.js'
import { nobodyLeft } from './support/left-behind.js'
import { startLiveChat, type LiveChat } from './support/live-chat.js'
import { RawClient } from './support/raw-client.js'
import { clientFrame, handshake, jsonFrame, request } from './support/raw-frames.js'
import { until } from './support/remote.js'

const limit = 1024

async function connect(t: Test, { url }: LiveChat): Promise<RawClient> {
  const client = await RawClient.open(t, url, handshake('alice'))
  t.match(await client.head(), /^HTTP\/1\.1 101 /)
  t.match(await client.json(), { type: 'hello' })
  return client
}

/** That the server goes on: another client is answered. */
async function isWell(t: Test, live: LiveChat): Promise<void> {
  const other = await connect(t, live)
  other.write(jsonFrame({ type: 'ping', client_id: 'well' }))
  t.match(await other.json(), { type: 'ack', client_id: 'well' })
  other.socket.destroy()
  await nobodyLeft(live.chat)
}

const fragments = (count: number, size: number): Buffer => joined(Array.from({ length: count }, () => 'x'.repeat(size)))

const inFragments = (text: string, size: number): Buffer =>
  joined(Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size)))

const joined = (parts: readonly string[]): Buffer =>
  Buffer.concat(
    parts.map((part, at) => clientFrame(part, { opcode: at === 0 ? 1 : 0, isLast: at === parts.length - 1 })),
  )

void t.test('what breaks the protocol is closed with the code of the contract', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_FRAME_LIMIT: limit })
  await live.chat.register('alice')
  for (const [what, bytes, code] of [
    ['a frame over the limit', clientFrame('x'.repeat(limit + 1)), 1009],
    ['a frame far over the limit', clientFrame('x'.repeat(5_000_000)), 1009],
    ['a length over the limit that is never filled', clientFrame('', { length: 2 ** 40 }), 1009],
    ['a length beyond all numbers', clientFrame('', { length: 2 ** 60 }), 1009],
    ['fragments that are over the limit together', fragments(8, limit / 4), 1009],
    ['more fragments than are put together', fragments(2000, 0), 1008],
    ['a frame without a mask', clientFrame('{}', { isMasked: false }), 1002],
    ['reserved bits', clientFrame('{}', { reserved: 3 }), 1002],
    ['a compressed frame where nothing was agreed', clientFrame(deflateRawSync('{}'), { reserved: 4 }), 1002],
    ['a reserved opcode', clientFrame('{}', { opcode: 3 }), 1002],
    ['a reserved control opcode', clientFrame('', { opcode: 11 }), 1002],
    ['a continuation of nothing', clientFrame('{}', { opcode: 0 }), 1002],
    ['a message amidst another', Buffer.concat([clientFrame('{', { isLast: false }), clientFrame('{}')]), 1002],
    ['a ping in fragments', clientFrame('', { opcode: 9, isLast: false }), 1002],
    ['a ping that is too long', clientFrame('x'.repeat(126), { opcode: 9 }), 1002],
    ['a close code that is none', clientFrame(Buffer.from([0, 1]), { opcode: 8 }), 1002],
    ['half a close code', clientFrame(Buffer.from([3]), { opcode: 8 }), 1002],
    ['text that is not UTF-8', clientFrame(Buffer.from([0xc3, 0x28])), 1007],
    ['half a character', clientFrame(Buffer.from([0xf0, 0x9f, 0x92])), 1007],
    ['a binary frame', clientFrame('{}', { opcode: 2 }), 1003],
  ] as const) {
    const client = await connect(t, live)
    client.write(bytes)
    t.equal(await client.closeCode(), code, what)
    t.ok(code in protocolCloseCodes)
    client.socket.end()
    await client.closed()
  }
  await nobodyLeft(live.chat)
  await isWell(t, live)
})

void t.test('a message that fits is taken, in however small fragments it comes', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_MESSAGE_LENGTH: 100_000 })
  await live.chat.register('alice')
  const client = await connect(t, live)
  for (const size of [16, 64, 1000, 60_000]) {
    const text = JSON.stringify({ type: 'send', recipient: 'alice', message: 'x'.repeat(60_000), client_id: `${size}` })
    client.write(inFragments(text, size))
    for (let answer; answer?.['type'] !== 'ack'; t.notMatch(answer, { type: 'error' }, `of ${size}`))
      answer = await client.json()
  }
  client.socket.destroy()
  await nobodyLeft(live.chat)
})

void t.test('who has said too much is not cut off before it has heard the code', async (t) => {
  const live = await startLiveChat(t)
  await live.chat.register('alice')
  const client = await connect(t, live)
  client.socket.end(clientFrame(Buffer.alloc(50_000_000)))
  await once(client.socket, 'close')
  t.equal(await client.closeCode(), 1009)
  t.notOk(client.isReset, 'what was on its way did not break the connection')
  await nobodyLeft(live.chat)
})

void t.test('a frame that comes byte by byte is not put together', async (t) => {
  const live = await startLiveChat(t)
  await live.chat.register('alice')
  const opened = once(live.chat.app.server, 'connection') as Promise<[Socket]>
  const client = await connect(t, live)
  const [server] = await opened
  client.write(clientFrame('', { length: 60_000 }))
  let parts = 0
  while (!client.isClosed) {
    const { bytesRead } = server
    client.write('x')
    parts++
    await until(() => server.bytesRead > bytesRead || client.isClosed)
  }
  t.equal(await client.closeCode(), 1008)
  t.ok(parts < 2000, `after ${parts} parts`)
})

const times = (count: number, frame: Buffer): Buffer => Buffer.concat(Array.from({ length: count }, () => frame))

void t.test('who sends more frames than are allowed is closed, whatever they are', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_FRAME_RATE: 100 })
  await live.chat.register('alice')
  for (const frame of [
    jsonFrame({ type: 'ping' }),
    clientFrame('no JSON'),
    clientFrame(''),
    clientFrame('are you there?', { opcode: 9 }),
    clientFrame('', { opcode: 10 }),
  ]) {
    const client = await connect(t, live)
    client.write(times(10_000, frame))
    t.equal(await client.closeCode(), closeCodes.too_many_frames.code)
    client.socket.destroy()
  }
  await nobodyLeft(live.chat)
  await isWell(t, live)
})

void t.test('as many frames as are allowed are all answered, in their order', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_FRAME_RATE: 100 })
  await live.chat.register('alice')
  await live.chat.register('bob')
  const client = await connect(t, live)
  client.write(times(100, clientFrame('', { opcode: 9 })))
  for (let count = 0; count < 100; count++) t.equal((await client.frame()).opcode, 10)
  const other = await connect(t, live)
  const frames = [
    { type: 'send', recipient: 'bob', message: 'Hello' },
    { type: 'ping' },
    { type: 'send', recipient: 'nobody', message: 'Hello' },
    { type: 'send', recipient: 'bob', message: 'Again' },
    { type: 'typing', recipient: 'bob' },
    { type: 'shout' },
  ].map((frame, number) => jsonFrame({ ...frame, client_id: `${number}` }))
  other.write(Buffer.concat(frames))
  const answers: unknown[] = []
  while (answers.length < frames.length) {
    const { type, client_id: id } = await other.json()
    if (type === 'ack' || type === 'error') answers.push([type, id])
  }
  const types = ['ack', 'ack', 'error', 'ack', 'ack', 'error']
  t.same(
    answers,
    types.map((type, number) => [type, `${number}`]),
  )
})

void t.test('a frame over the rate is not read, but told by its client_id', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_RATE_LIMIT: 4 })
  await live.chat.register('alice')
  const client = await connect(t, live)
  const { parse } = JSON
  t.teardown(() => (JSON.parse = parse))
  let read = 0
  JSON.parse = (text: string, ...more: never[]) => {
    if (text.length > 10_000) read++
    return parse(text, ...more) as unknown
  }
  const message = 'x'.repeat(20_000)
  const late = `{"type":"send","recipient":"alice","message":"${message}","client_id":"late"}`
  const frames = [
    `{"type":"send","client_id":"mine","recipient":"alice","message":"${message}"}`,
    ` { "type" : "send" , "in_order":true, "n":-1.5e3,"recipient":"\\"a\\\\", "client_id" : "m\\u00edne","message":"${message}"}`,
    late,
    `{"message":"\\"client_id\\":\\"none\\",","type":"send","recipient":"${message}"}`,
    'nonsense'.repeat(2000),
  ]
  client.write(Buffer.concat([frames[0], frames[0], ...frames].map((text) => clientFrame(text as string))))
  const ids: unknown[] = []
  for (let count = 0; count < frames.length + 2; count++) ids.push((await client.json())['client_id'])
  t.same(ids, ['mine', 'mine', 'mine', 'míne', undefined, undefined, undefined])
  t.equal(read, 2, 'those that are not refused')
})

void t.test('frames over the rate of requests are refused, and the connection goes on', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_RATE_LIMIT: 50 })
  await live.chat.register('alice')
  const client = await connect(t, live)
  client.write(times(100, jsonFrame({ type: 'typing', recipient: 'alice', client_id: 'mine' })))
  const answers: unknown[] = []
  let last = {}
  for (let count = 0; count < 100; count++) {
    last = await client.json()
    answers.push((last as { code?: string }).code)
  }
  t.match(last, { type: 'error', client_id: 'mine', code: 'rate_limited', retry_after: Number })
  t.same(
    answers.filter((code) => code !== undefined),
    Array.from({ length: 52 }, () => 'rate_limited'),
  )
  t.equal(answers.indexOf('rate_limited'), 48)
  client.write(clientFrame('still here', { opcode: 9 }))
  t.match(await client.frame(), { opcode: 10, payload: Buffer.from('still here') })
})

/** A text is its own `client_id`. */
const toBob = (text: string, more: object = {}): Buffer =>
  jsonFrame({ type: 'send', recipient: 'bob', message: text, client_id: text, in_order: true, ...more })

const ack = (id: string) => ({ type: 'ack', client_id: id })
const refused = (id: string) => ({ type: 'error', client_id: id, code: 'log_unavailable', retry_after: 1 })

void t.test('what is sent in order is refused behind a message that is refused for a while', async (t) => {
  let fails = true
  const live = await startLiveChat(t, {}, { storage: faltering((text) => fails && text === 'b') })
  for (const username of ['alice', 'bob']) await live.chat.register(username)
  const client = await connect(t, live)
  const answers = async (...frames: Buffer[]) => {
    client.write(Buffer.concat(frames))
    const got: object[] = []
    while (got.length < frames.length) {
      const answer = await client.json()
      if (answer['type'] !== 'message.created') got.push(answer)
    }
    return got
  }
  const ping = jsonFrame({ type: 'ping', client_id: 'p' })
  const [alone, toNobody] = [{ in_order: false }, { recipient: 'nobody' }]
  t.match(
    await answers(toBob('a'), toBob('b'), toBob('c'), ping, toBob('d', alone), toBob('e', toNobody), toBob('f')),
    [ack('a'), refused('b'), refused('c'), ack('p'), ack('d'), { client_id: 'e', code: 'user_not_found' }, ack('f')],
  )
  t.match(await answers(toBob('b')), [refused('b')])
  t.match(await answers(toBob('c')), [refused('c')], 'however late it comes')
  fails = false
  t.match(await answers(toBob('b', alone), toBob('c')), [ack('b'), ack('c')])
  t.same(await live.chat.texts('bob'), ['a', 'd', 'f', 'b', 'c'])
})

void t.test('no text is worth more than an error', async (t) => {
  const live = await startLiveChat(t)
  await live.chat.register('alice')
  const client = await connect(t, live)
  const deep = 30_000
  for (const [text, code, more] of [
    ['', 'malformed_json', {}],
    ['\u0000', 'malformed_json', {}],
    ['{"type":', 'malformed_json', {}],
    ['['.repeat(deep), 'invalid_request', {}],
    ['['.repeat(deep) + ']'.repeat(deep), 'invalid_request', {}],
    ['null', 'invalid_request', {}],
    ['7', 'invalid_request', {}],
    ['{"client_id":"a"}', 'invalid_request', { client_id: 'a' }],
    ['{"type":"ping","client_id":{}}', 'invalid_request', {}],
    ['{"type":"__proto__","client_id":"b"}', 'invalid_request', { client_id: 'b' }],
    ['{"type":"ping","__proto__":{"client_id":"c"}}', 'invalid_request', {}],
    ['{"type":"ping","constructor":1}', 'invalid_request', {}],
    [`{"type":"ping","client_id":"${'x'.repeat(65)}"}`, 'invalid_request', {}],
    [`{"type":"typing","recipient":"room_${'9'.repeat(200)}"}`, 'invalid_request', {}],
    ['{"type":"send","recipient":"alice","message":"a\\ud800"}', 'invalid_request', {}],
    ['{"type":"send","sender":"bob","recipient":"alice","message":"a"}', 'invalid_request', {}],
  ] as const) {
    client.write(clientFrame(text))
    const answer = await client.json()
    t.match(answer, { type: 'error', code, ...more }, text.slice(0, 50))
    if (!('client_id' in more)) t.equal(answer['client_id'], undefined)
  }
  client.socket.destroy()
  await isWell(t, live)
})

void t.test('what goes wrong when a connection opens is told by its code, and leaves nothing', async (t) => {
  const live = await startLiveChat(t)
  await live.chat.register('alice')
  // It is called when hello is written: somebody listens by then.
  liveOf(live.chat.app.chat).now = () => {
    throw new Error('as if it had failed')
  }
  const client = await RawClient.open(t, live.url, handshake('alice'))
  t.match(await client.head(), /^HTTP\/1\.1 101 /)
  t.equal(await client.closeCode(), closeCodes.server_error.code)
  client.socket.end()
  const stream = await RawClient.open(t, live.url, request('GET', '/events?username=alice'))
  t.match(await stream.answer(), { status: 500, body: { code: 'internal_error' } })
  await nobodyLeft(live.chat)
})
