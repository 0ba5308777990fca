import type { Test } from 'tap'
import { clientAt, Following, reaches, registered } from '../support/chat-client.js'
import { Gateway } from '../support/gateway.js'
import { startLiveChat } from '../support/live-chat.js'
import { TcpProxy } from '../support/tcp-proxy.js'

/** As whom a client acts, and what it makes of settings that cannot be meant. */
export async function sessions(t: Test): Promise<void> {
  await t.test('a message that is sent with a token alone waits until it is known whose that is', async (t) => {
    const { chat, url } = await startLiveChat(t, { CHATROOM_AUTH: 'token' })
    const token = await chat.register('alice')
    const alice = clientAt(url, { token })
    const sent = alice.send('alice', 'to myself')
    await new Following(t, alice).next('hello')
    t.match(await sent, { message_id: 1 })
    t.equal(alice.username, 'alice')
    const named = clientAt(url, { token })
    const over = new AbortController()
    const givenUp = named.send('alice', 'given up', { signal: over.signal })
    over.abort(new Error('enough'))
    await t.rejects(givenUp, { message: 'enough' })
    named.username = 'alice'
    t.match(await named.send('alice', 'by name'), { message_id: 2 })
    await t.rejects(clientAt(url).send('alice', 'by nobody'), { code: 'token_required', temporary: false })
  })

  await t.test('who logs out ends its own loop, and nothing is wrong', async (t) => {
    const { chat, url } = await startLiveChat(t)
    for (const transport of ['websocket', 'sse', 'poll'] as const) {
      const alice = await registered(url, 'alice', { transports: [transport] })
      const following = new Following(t, alice)
      await following.next('hello')
      await alice.logout()
      t.equal(await following.take(), undefined, transport)
      t.same(alice.state, { name: 'idle' })
    }
    const bob = await registered(url, 'bob')
    const following = new Following(t, bob)
    await following.next('hello')
    await t.rejects(bob.logout({ username: 'nobody' }), { code: 'user_not_found' })
    await chat.logout('bob')
    await t.rejects(following.take(), { code: /^user_/ }, 'it is told when somebody else has done it')
  })

  await t.test('a loop is that of one user', async (t) => {
    const { chat, url } = await startLiveChat(t, { CHATROOM_AUTH: 'token' })
    const proxy = await TcpProxy.start(t, url)
    const client = await registered(proxy.url, 'alice')
    const following = new Following(t, client)
    await following.next('hello')
    await client.register({ username: 'mallory' })
    await chat.post('/send', { sender: 'mallory', recipient: 'mallory', message: 'mine' }, client.token)
    proxy.reset()
    await t.rejects(following.take(), { code: 'user_changed', temporary: false })
    t.match(client.state, { name: 'idle', error: { code: 'user_changed' } })
    t.match(await new Following(t, client).next('hello'), { username: 'mallory' })
  })

  await t.test('a second loop is refused, and ends', async (t) => {
    const { url } = await startLiveChat(t)
    const alice = await registered(url, 'alice')
    await new Following(t, alice).next('hello')
    const second = alice.connect()
    await t.rejects(second.next(), { message: /connected already/ })
    t.match(await second.next(), { done: true })
    t.match(alice.state, { name: 'connected' }, 'the first goes on')
  })

  await t.test('what cannot be meant is refused at once', async (t) => {
    for (const baseUrl of ['localhost:5003', 'chat.example', 'ftp://chat.example', 'http://me:secret@chat.example'])
      t.throws(() => clientAt(baseUrl), TypeError, baseUrl)
    for (const options of [{ buffer: 0 }, { queue: 0 }, { window: 0 }, { frameRate: Number.NaN }])
      t.throws(() => clientAt('http://127.0.0.1:9', options), RangeError)
    const { url } = await startLiveChat(t)
    const client = clientAt(url, { username: 'alice', token: 'hübsch' })
    const wrong = { code: 'invalid_token', status: 401, temporary: false }
    await t.rejects(client.send('alice', 'Hi'), wrong)
    await t.rejects(client.pollMessages(), wrong)
    for (const transport of ['websocket', 'sse', 'poll'] as const) {
      const options = { username: 'alice', token: 'hübsch', transports: [transport] }
      await t.rejects(new Following(t, clientAt(url, options)).take(), wrong, transport)
    }
  })

  await t.test('a proxy that answers by itself while the server is away ends nothing', async (t) => {
    const { chat, url } = await startLiveChat(t)
    const gateway = await Gateway.start(t, url)
    const alice = await registered(gateway.url, 'alice')
    const following = new Following(t, alice)
    await following.next('hello')
    const none = { status: 404, headers: { 'content-type': 'text/plain' }, body: '404 page not found' }
    Object.assign(gateway, { answers: () => none, upgrades: 'refuse' })
    gateway.reset()
    const { error } = await reaches(alice, 'waiting')
    t.match(error, { code: /^un/ })
    await t.rejects(alice.send('alice', 'refused'), { code: 'unexpected_answer', status: 404 }, 'only the message ends')
    Object.assign(gateway, { answers: () => undefined, upgrades: 'pass' })
    t.match(await alice.send('alice', 'later'), { message_id: 1 })
    t.same(await following.texts(1), ['later'])
    t.same(await chat.texts('alice'), ['later'])
    Object.assign(gateway, { answers: () => none, upgrades: 'refuse' })
    const stranger = clientAt(gateway.url, { username: 'alice' })
    await t.rejects(
      new Following(t, stranger).take(),
      { code: 'unexpected_answer', status: 404 },
      'a wrong URL is told',
    )
  })
}
