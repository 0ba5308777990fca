import type { Test } from 'tap'
import type { ChatClientOptions, TransportName } from '../../src/client/index.js'
import { clientAt, Following, reaches, registered } from '../support/chat-client.js'
import { openWebSocket } from '../support/listener.js'
import { startLiveChat } from '../support/live-chat.js'
import { until } from '../support/remote.js'
import { TcpProxy } from '../support/tcp-proxy.js'

/** What whoever listens is promised, whatever the transport. */
export async function connecting(t: Test, transport: TransportName): Promise<void> {
  const by: ChatClientOptions = { transports: [transport] }
  // One for all that can share it: an app takes longer to build than most of this to happen.
  const shared = await startLiveChat(t)
  const beating = await startLiveChat(t, { CHATROOM_HEARTBEAT: 1 })
  const narrow = await startLiveChat(t, { CHATROOM_USER_CONNECTIONS: 1 })

  /** Somebody new, bob, who listens by the transport, and somebody who writes to him. */
  const start = async (t: Test, { chat, url } = shared, options: ChatClientOptions = {}) => {
    const [bob, alice] = [newName('bob'), newName('alice')]
    await chat.register(alice)
    const proxy = await TcpProxy.start(t, url)
    const client = await registered(proxy.url, bob, { ...by, ...options })
    const tell = (text: string) => chat.send(alice, bob, text)
    return { chat, proxy, alice, bob, client, tell, following: new Following(t, client) }
  }

  await t.test('hello comes first, then each event in order', async (t) => {
    const { chat, alice, bob, client, tell, following } = await start(t)
    t.equal(client.state.name, 'idle', 'it begins when it is asked')
    t.match(await following.take(), { type: 'hello', username: bob, event_id: String })
    t.match(client.state, { name: 'connected', transport, username: bob })
    for (const text of numbers(50)) await tell(text)
    t.same(await following.texts(50), numbers(50))
    const room_id = await chat.createRoom(alice, [bob])
    t.match((await following.next('room.created')).room, { room_id })
    await chat.app.chat.announce('News!')
    t.match(await following.next('announcement.updated'), { announcement: 'News!' })
  })

  await t.test('who has come and gone while it was not connected is told', async (t) => {
    const presenceTimes = { grace: 100, gather: 50, gatherLarge: 50 }
    const live = await startLiveChat(t, {}, { presenceTimes })
    const { chat, proxy, alice, bob, client, tell, following } = await start(t, live)
    await tell('so they are in touch')
    const { listener } = openWebSocket(t, live.url, { username: alice })
    await listener.next('hello')
    t.same((await following.next('hello')).connected, [alice])
    proxy.fate = () => ({ bytes: 0 })
    proxy.reset()
    listener.close()
    await until(async () => ((await chat.get('/online')).body['presence'] as string[]).every((name) => name === bob))
    proxy.fate = () => ({})
    client.retry()
    // That she came may be told once more, when the first connection was quicker than the gathering.
    let { users } = await following.next('presence')
    while (users.some(({ presence }) => presence === 'connected')) ({ users } = await following.next('presence'))
    t.same(users, [{ username: alice, presence: 'disconnected' }])
  })

  await t.test('a connection that is renewed loses nothing, and is no news', async (t) => {
    const renewing = await startLiveChat(t, { CHATROOM_STREAM_AGE: 1 })
    const { client, tell, following } = await start(t, renewing)
    await following.next('hello')
    const states: string[] = []
    client.onStateChange(({ name }) => states.push(name))
    for (const end = performance.now() + 3000; performance.now() < end;) {
      await tell('still there')
      t.same(await following.texts(1), ['still there'])
    }
    t.same(states, [])
  })

  await t.test('it goes on where the program was', async (t) => {
    const { client, tell, following } = await start(t)
    await following.next('hello')
    await tell('one')
    const { event_id } = await following.next('message.created')
    following.leave()
    t.equal(await following.take(), undefined)
    for (const text of ['two', 'three']) await tell(text)
    const again = new Following(t, client, event_id)
    t.match(await again.take(), { type: 'hello', event_id }, 'it is where the program was')
    t.same(await again.texts(2), ['two', 'three'])
  })

  await t.test('leaving the loop, or the signal, ends the connection', async (t) => {
    const { proxy, bob, client, following } = await start(t, narrow)
    await following.next('hello')
    await t.rejects(client.connect().next(), /connected already/, 'it is connected once at a time')
    following.leave()
    t.same(client.state, { name: 'idle' })
    for await (const event of client.connect()) if (event.type === 'hello') break
    t.same(client.state, { name: 'idle' })
    const none = client.connect({ signal: AbortSignal.abort() })
    t.match(await none.next(), { done: true })
    const other = clientAt(proxy.url, { ...by, username: bob })
    t.ok(await new Following(t, other).next('hello'), 'the server has no connection left')
  })

  await t.test('a break is not seen, but in the state', async (t) => {
    const { proxy, client, tell, following } = await start(t)
    await following.next('hello')
    const names: string[] = []
    client.onStateChange(({ name }) => names.push(name))
    for (const text of numbers(5)) {
      proxy.reset()
      await tell(text)
      const event = await following.take()
      t.match(event, { type: 'message.created', message: { message: text } }, 'another hello is not told')
    }
    t.same(names.slice(0, 3), ['waiting', 'connecting', 'connected'])
  })

  await t.test('a connection on which nothing comes any more is given up after two heartbeats', async (t) => {
    // The next request may be made on a connection that hangs, too.
    const { proxy, client, tell, following } = await start(t, beating, { timing: { patience: 2500 } })
    await following.next('hello')
    const begin = performance.now()
    proxy.hang()
    await tell('Are you there?')
    t.match(await reaches(client, 'waiting'), { error: { code: 'silent' }, retryAt: Number })
    const seconds = (performance.now() - begin) / 1000
    t.ok(seconds > 1.4, `${seconds} s`)
    t.same(await following.texts(1), ['Are you there?'])
  })

  await t.test('who knows that the network is another one need not wait for heartbeats', async (t) => {
    const { proxy, client, tell, following } = await start(t, shared, { timing: { patience: 2500 } })
    await following.next('hello')
    proxy.hang()
    await tell('Are you there?')
    client.retry()
    t.same(await following.texts(1), ['Are you there?'])
    client.retry()
    await tell('Still?')
    t.same(await following.texts(1), ['Still?'])
  })

  await t.test('a connection on which nothing happens is kept', async (t) => {
    const { client, tell, following } = await start(t, beating)
    await following.next('hello')
    const names: string[] = []
    client.onStateChange(({ name }) => names.push(name))
    // A time without events is what is tested.
    await new Promise((resolve) => setTimeout(resolve, 4000))
    await tell('Still there?')
    t.same(await following.texts(1), ['Still there?'])
    t.same(names, [])
  })

  await t.test('a program that is slow loses nothing, and does not fill the memory', async (t) => {
    const { client, tell, following } = await start(t, shared, { buffer: 10 })
    await following.next('hello')
    for (const text of numbers(100)) await tell(text)
    await reaches(client, 'paused')
    t.same(await following.texts(100), numbers(100))
    await tell('more')
    t.same(await following.texts(1), ['more'])
  })

  await t.test('a cursor that the server does not know is handed on as resync, and it goes on', async (t) => {
    const { client, tell } = await start(t)
    const following = new Following(t, client, '0badc0de-7')
    const { event_id } = await following.next('resync')
    t.type(event_id, 'string')
    await tell('Hello')
    t.same(await following.texts(1), ['Hello'])
  })

  await t.test('where coming back is useless, the loop throws', async (t) => {
    const { chat, proxy, bob, client, following } = await start(t)
    await following.next('hello')
    await chat.logout(bob)
    const code = /^(user_(removed|not_found)|invalid_token)$/
    await t.rejects(following.take(), { name: 'ChatRoomError', code, temporary: false })
    t.match(client.state, { name: 'idle', error: { code } })
    const refused = async (username: string, token: string | undefined, code: string, status: number) =>
      t.rejects(new Following(t, clientAt(proxy.url, { ...by, username, token })).take(), { code, status })
    const carol = newName('carol')
    await chat.register(carol, 'correct horse')
    await refused(bob, undefined, 'user_not_found', 404)
    await refused(carol, undefined, 'token_required', 401)
    await refused(carol, 'x'.repeat(43), 'invalid_token', 401)
    await refused(carol, await chat.register(newName('dave')), 'not_your_name', 403)
  })

  await t.test('where the server has too many connections, it waits as long as that says', async (t) => {
    const { proxy, bob, following } = await start(t, narrow)
    await following.next('hello')
    const other = clientAt(proxy.url, { ...by, username: bob })
    const begin = Date.now()
    const hello = new Following(t, other).next('hello')
    const { error, retryAt } = await reaches(other, 'waiting')
    t.match(error, { code: 'too_many_connections', status: 429, retryAfter: 1 })
    t.ok(retryAt - begin >= 1000)
    following.leave()
    other.retry()
    t.match(await hello, { username: bob })
  })
}

let names = 0

const newName = (name: string): string => `${name}-${(names += 1)}`

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => `${at}`)
