import type { Test } from 'tap'
import type { ErrorCode } from '../../schemas/errors.js'
import { refusalOf } from '../../src/client/chatroom-error.js'
import { clientAt, Following, reaches, registered } from '../support/chat-client.js'
import { faltering } from '../support/faltering-log.js'
import { Gateway } from '../support/gateway.js'
import { startLiveChat } from '../support/live-chat.js'
import { until } from '../support/remote.js'
import { TcpProxy } from '../support/tcp-proxy.js'

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => `${at}`)

/** Messages that are sent once and in order, whatever comes between. */
export async function sending(t: Test): Promise<void> {
  void t.test('on a live WebSocket they are frames, else requests', async (t) => {
    const { gateway, alice } = await start(t)
    t.match(await alice.send('bob', 'by POST'), { message_id: 1, sent_at: /Z$/, client_id: /^\w{32}$/ })
    t.equal(gateway.seen.filter((one) => one === 'POST /send').length, 1)
    const following = new Following(t, alice)
    await following.next('hello')
    const { client_id } = await alice.send('bob', 'by a frame')
    t.equal(gateway.seen.filter((one) => one === 'POST /send').length, 1)
    t.match((await following.next('message.created')).message, { id: 2, client_id })
    t.match(await alice.send('bob', 'again', { clientId: 'mine' }), { message_id: 3, client_id: 'mine' })
    t.match(await alice.send('bob', 'again', { clientId: 'mine' }), { message_id: 3 }, 'a repeat is not sent twice')
  })

  void t.test('an answer that is lost is asked for again, and nothing is sent twice', async (t) => {
    const { chat, gateway, alice } = await start(t)
    let lost = 0
    gateway.loses = ({ method }) => method === 'POST' && lost++ % 3 !== 2
    const sent = await Promise.all(numbers(10).map((text) => alice.send('bob', text)))
    t.same(
      sent.map(({ message_id }) => message_id),
      numbers(10).map((text) => Number(text) + 1),
    )
    t.same(await chat.texts('bob'), numbers(10))
    t.ok(lost >= 30)
  })

  void t.test('a failure that passes does not change the order', async (t) => {
    const { chat, gateway, alice } = await start(t)
    let asked = 0
    gateway.answers = ({ url }) => (url === '/send' && asked++ % 3 === 0 ? unavailable : undefined)
    await Promise.all(numbers(10).map((text) => alice.send('bob', text)))
    t.same(await chat.texts('bob'), numbers(10))
  })

  void t.test('on a live WebSocket many are under way at once', async (t) => {
    const { chat, url } = await startLiveChat(t)
    const proxy = await TcpProxy.start(t, url)
    proxy.fate = () => ({ delay: 20 })
    await chat.register('bob')
    const alice = await registered(proxy.url, 'alice')
    await new Following(t, alice).next('hello')
    // Each is held back for 20 ms on its way: what has no answer meanwhile is said all the same.
    await Promise.all(numbers(200).map((text) => alice.send('bob', text)))
    t.same(await chat.texts('bob'), numbers(200))
  })

  void t.test('nor do frames that fail for the moment while others are under way', async (t) => {
    let asked = 0
    const storage = faltering(() => ++asked % 7 === 0)
    const { chat, gateway, alice } = await start(t, {}, {}, { storage })
    await new Following(t, alice).next('hello')
    await Promise.all(numbers(20).map((text) => alice.send('bob', text)))
    t.same(await chat.texts('bob'), numbers(20))
    t.ok(asked > 20, 'some failed')
    t.notOk(gateway.seen.includes('POST /send'), 'all were frames')
  })

  void t.test('an answer that does not come need not be waited for by who knows better', async (t) => {
    const { chat, gateway, alice } = await start(t, {}, { timing: { answer: 3_600_000 } })
    const isAsked = () => until(() => gateway.seen.includes('POST /send'))
    gateway.hangs = ({ url }) => url === '/send'
    const sent = alice.send('bob', 'one')
    await isAsked()
    gateway.hangs = () => false
    alice.retry()
    t.match(await sent, { message_id: 1 })

    gateway.seen.length = 0
    gateway.hangs = ({ url }) => url === '/send'
    const over = new AbortController()
    const second = alice.send('bob', 'given up', { signal: over.signal })
    const third = alice.send('bob', 'two')
    await isAsked()
    gateway.hangs = () => false
    over.abort(new Error('enough'))
    await t.rejects(second, { message: 'enough' })
    t.match(await third, { message_id: 2 })
    t.same(await chat.texts('bob'), ['one', 'two'])
  })

  void t.test('a client_id may be used again, while it is under way and after it was given up', async (t) => {
    const { chat, alice } = await start(t)
    await new Following(t, alice).next('hello')
    const twice = [1, 2].map(() => alice.send('bob', 'one', { clientId: 'one' }))
    t.match(await Promise.all(twice), [{ message_id: 1 }, { message_id: 1 }])
    const over = new AbortController()
    const given = alice.send('bob', 'two', { clientId: 'two', signal: over.signal })
    over.abort(new Error('enough'))
    await t.rejects(given, { message: 'enough' })
    t.match(await alice.send('bob', 'two', { clientId: 'two' }), { client_id: 'two' })
    await t.rejects(alice.send('bob', 'three', { clientId: 'x'.repeat(65) }), { code: 'invalid_request' })
    const long = 'a'.repeat(20_000)
    await t.rejects(alice.send('bob', long), { code: 'invalid_request' })
    t.match(await alice.send('bob', 'four'), { message_id: 3 })
    t.same(await chat.texts('bob'), ['one', 'two', 'four'])
  })

  void t.test('a failure that stays is told, and the others go on', async (t) => {
    const { chat, alice } = await start(t)
    const outcomes = await Promise.allSettled(
      ['bob', 'nobody', 'bob', 'room_7', 'bob'].map((recipient, at) => alice.send(recipient, `${at}`)),
    )
    const codes = outcomes.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'sent'))
    t.same(codes, ['sent', 'user_not_found', 'sent', 'room_not_found', 'sent'])
    t.same(await chat.texts('bob'), ['0', '2', '4'])
    await t.rejects(alice.send('bob', ' '), { code: 'invalid_request', details: [{ path: '/body/message' }] })
    const following = new Following(t, alice)
    await following.next('hello')
    await t.rejects(alice.send('bob', ' '), {
      code: 'invalid_request',
      status: 400,
      details: [{ path: 'frame/message' }],
    })
    await t.rejects(alice.send('bob', 'a'.repeat(60_000)), {
      code: 'invalid_request',
      details: [{ path: '/body/message' }],
    })
    await t.rejects(alice.send('bob', 'a'.repeat(300_000)), { code: 'payload_too_large', status: 413 })
    t.match(alice.state, { name: 'connected' }, 'the connection goes on')
  })

  void t.test('a message that a proxy refuses for good is the end of that message, and the next goes on', async (t) => {
    const { chat, gateway, alice } = await start(t)
    for (const status of [400, 401, 403, 404, 413, 431, 451]) {
      const text = `refused with ${status}`
      let asked = 0
      gateway.answers = ({ url }) => (url === '/send' && asked++ === 0 ? { status, ...page } : undefined)
      const refused = alice.send('bob', text)
      const next = alice.send('bob', 'the next')
      await t.rejects(refused, { name: 'ChatRoomError', code: 'unexpected_answer', status, temporary: false }, text)
      t.match(await next, { message_id: Number })
    }
    gateway.answers = ({ url }) => (url === '/send' ? { status: 403, ...foreign } : undefined)
    await t.rejects(
      alice.send('bob', 'refused'),
      { code: 'unexpected_answer', status: 403 },
      'in JSON that is not ours',
    )
    t.same(new Set(await chat.texts('bob')), new Set(['the next']))
  })

  void t.test('a proxy that is busy is another matter', async (t) => {
    const { chat, gateway, alice } = await start(t)
    const statuses = [408, 425, 429, 500, 502, 503, 504]
    gateway.answers = ({ url }) => {
      const status = url === '/send' ? statuses.shift() : undefined
      return status === undefined ? undefined : { status, ...page }
    }
    await Promise.all(numbers(3).map((text) => alice.send('bob', text)))
    t.same(await chat.texts('bob'), numbers(3))
  })

  void t.test('where a proxy breaks the connection at a frame, a request tells what is wrong', async (t) => {
    const { chat, gateway, alice } = await start(t)
    await new Following(t, alice).next('hello')
    gateway.longestFrame = 8000
    gateway.answers = ({ url, headers }) =>
      url === '/send' && Number(headers['content-length']) > 12_000 ? { status: 413, ...page } : undefined
    const outcomes = await Promise.allSettled(
      ['one', 'a'.repeat(14_000), 'b'.repeat(10_000), 'two'].map((text) => alice.send('bob', text)),
    )
    const endings = outcomes.map((one) => (one.status === 'rejected' ? (one.reason as { status: number }).status : 200))
    t.same(endings, [200, 413, 400, 200], 'the server itself refuses the third')
    t.same(await chat.texts('bob'), ['one', 'two'])
  })

  void t.test('a failure that is newer than the client is no reason to try for ever', (t) => {
    const code = 'of_next_year' as ErrorCode
    t.match(refusalOf({ code, message: 'No.' }), { code, temporary: false })
    t.match(refusalOf({ code, message: 'Later.', retry_after: 3 }), { code, temporary: true, retryAfter: 3 })
    t.end()
  })

  void t.test('while the server is away they wait, and go in order when it is back', async (t) => {
    const { chat, gateway, alice } = await start(t)
    await new Following(t, alice).next('hello')
    Object.assign(gateway, { answers: () => unavailable, upgrades: 'refuse' })
    gateway.reset()
    const sending = numbers(20).map((text) => alice.send('bob', text))
    await reaches(alice, 'waiting')
    t.same(await chat.texts('bob'), [])
    Object.assign(gateway, { answers: () => undefined, upgrades: 'pass' })
    await Promise.all(sending)
    t.same(await chat.texts('bob'), numbers(20))
  })

  void t.test('so many wait, and no more; one may be given up', async (t) => {
    const { chat, gateway, alice } = await start(t, {}, { queue: 3 })
    gateway.answers = () => unavailable
    const over = new AbortController()
    const [first, second, third] = [
      alice.send('bob', 'first'),
      alice.send('bob', 'second', { signal: over.signal }),
      alice.send('bob', 'third'),
    ]
    await t.rejects(alice.send('bob', 'fourth'), { code: 'queue_full' })
    over.abort(new Error('enough'))
    await t.rejects(second, { message: 'enough' })
    await t.rejects(alice.send('bob', 'never', { signal: over.signal }), { message: 'enough' })
    const fifth = alice.send('bob', 'fifth')
    gateway.answers = () => undefined
    await Promise.all([first, third, fifth])
    t.same(await chat.texts('bob'), ['first', 'third', 'fifth'])
  })

  void t.test('frames are not said faster than the server takes them', async (t) => {
    const { chat, alice } = await start(t, { CHATROOM_FRAME_RATE: 30 }, { frameRate: 27 })
    await new Following(t, alice).next('hello')
    await Promise.all(numbers(50).map((text) => alice.send('bob', text)))
    t.match(alice.state, { name: 'connected' })
    t.same(await chat.texts('bob'), numbers(50))
  })

  void t.test('nor when a network that stood still hands on what waited', async (t) => {
    const { chat, url } = await startLiveChat(t, { CHATROOM_FRAME_RATE: 50 })
    const proxy = await TcpProxy.start(t, url)
    await chat.register('bob')
    const alice = await registered(proxy.url, 'alice', { frameRate: 45 })
    const following = new Following(t, alice)
    await following.next('hello')
    const sent = numbers(150).map((text) => alice.send('bob', text))
    for (const at of [20, 60, 100]) {
      await sent[at]
      proxy.hold()
      // How long it stands still is what is tested.
      await new Promise((resolve) => setTimeout(resolve, 400))
      proxy.release()
    }
    await Promise.all(sent)
    t.match(alice.state, { name: 'connected' })
    t.same(await chat.texts('bob'), numbers(150))
    t.same(await following.texts(150), numbers(150))
  })

  void t.test('whoever types is seen, by a frame or by a request, and not at every key', async (t) => {
    const { chat, gateway, alice } = await start(t)
    await chat.register('carol')
    const [bob, carol] = ['bob', 'carol'].map((username) => new Following(t, clientAt(gateway.url, { username })))
    await Promise.all([bob?.next('hello'), carol?.next('hello')])
    for (let key = 0; key < 5; key++) alice.typing('bob')
    t.match(await bob?.next('typing'), { username: 'alice', recipient: 'bob' })
    await new Following(t, alice).next('hello')
    for (let key = 0; key < 5; key++) alice.typing('carol')
    t.match(await carol?.next('typing'), { username: 'alice', recipient: 'carol' })
    alice.typing('nobody')
    t.equal(gateway.seen.filter((one) => one.endsWith('/typing')).length, 1)
  })
}

/** A server with bob, and alice who reaches it through a gateway. */
async function start(t: Test, settings = {}, options = {}, appOptions = {}) {
  const { chat, url } = await startLiveChat(t, settings, appOptions)
  const gateway = await Gateway.start(t, url)
  await chat.register('bob')
  const alice = await registered(gateway.url, 'alice', options)
  return { chat, gateway, alice }
}

const page = { headers: { 'content-type': 'text/html' }, body: '<h1>No.</h1>' }
const foreign = { headers: { 'content-type': 'application/json' }, body: '{"code":"AccessDenied","message":"No."}' }
const failing = { status: 503, headers: { 'retry-after': '0', 'content-type': 'application/json' } }
const unavailable = { ...failing, body: '{"status":"fail","code":"log_unavailable","message":"Not now."}' }
