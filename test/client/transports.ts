import type { Test } from 'tap'
import type { ChatClientOptions } from '../../src/client/index.js'
import { clientAt, Following, reaches, registered } from '../support/chat-client.js'
import { Gateway } from '../support/gateway.js'
import { startLiveChat } from '../support/live-chat.js'

/** Which transport is taken, behind proxies that let some through. */
export async function transports(t: Test): Promise<void> {
  void t.test('a WebSocket where there is one, and Server-Sent Events where there is none', async (t) => {
    const { gateway, bob, following } = await start(t)
    await following.next('hello')
    t.match(bob.state, { transport: 'websocket' })
    const without = clientAt(gateway.url, { username: 'bob', WebSocket: undefined, transports: ['sse', 'poll'] })
    await new Following(t, without).next('hello')
    t.match(without.state, { transport: 'sse' })
  })

  for (const upgrades of ['refuse', 'hang'] as const)
    void t.test(
      `behind a proxy that lets WebSockets ${upgrades} there are Server-Sent Events, and it is remembered`,
      async (t) => {
        const { chat, gateway, bob, following } = await start(t, { timing: { patience: 2500 } })
        gateway.upgrades = upgrades
        await following.next('hello')
        t.match(bob.state, { name: 'connected', transport: 'sse' })
        const tries = gateway.seen.filter((one) => one === 'GET /ws').length
        gateway.reset()
        await chat.send('alice', 'bob', 'Hello')
        t.same(await following.texts(1), ['Hello'])
        t.equal(gateway.seen.filter((one) => one === 'GET /ws').length, tries, 'it is not tried again at once')
        t.match(await bob.send('alice', 'Hi'), { message_id: 2 })
        t.ok(gateway.seen.includes('POST /send'))
      },
    )

  void t.test('behind a proxy that keeps streams back there are long polls', async (t) => {
    const { chat, gateway, bob, following } = await start(t, { timing: { patience: 2500 } })
    Object.assign(gateway, { upgrades: 'refuse', buffers: true })
    await following.next('hello')
    t.match(bob.state, { name: 'connected', transport: 'poll' })
    await chat.send('alice', 'bob', 'Hello')
    t.same(await following.texts(1), ['Hello'])
  })

  void t.test('a better transport is taken when it works, without a gap', async (t) => {
    const { chat, gateway, bob, following } = await start(t, { timing: { patience: 2500, improve: 100 } })
    gateway.upgrades = 'refuse'
    await following.next('hello')
    t.match(bob.state, { transport: 'sse' })
    let sent = 0
    const sending = (async () => {
      while (bob.state.name !== 'connected' || bob.state.transport !== 'websocket')
        await chat.send('alice', 'bob', `${sent++}`)
    })()
    gateway.upgrades = 'pass'
    await sending
    t.same(
      await following.texts(sent),
      Array.from({ length: sent }, (_, at) => `${at}`),
    )
  })

  void t.test('a server that is gone is not the fault of the transport', async (t) => {
    const { gateway, bob, following } = await start(t)
    await following.next('hello')
    gateway.answers = () => ({ status: 503, body: 'Nobody is here.' })
    gateway.upgrades = 'refuse'
    gateway.reset()
    const { error } = await reaches(bob, 'waiting')
    t.match(error, { temporary: true })
    Object.assign(gateway, { answers: () => undefined, upgrades: 'pass' })
    await reaches(bob, 'connected')
    t.match(bob.state, { transport: 'websocket' })
  })

  void t.test('a server that is not there yet is waited for, and the state says until when', async (t) => {
    const client = clientAt('http://127.0.0.1:9', { username: 'bob' })
    const events = client.connect()
    const begin = Date.now()
    const first = events.next()
    const { error, retryAt } = await reaches(client, 'waiting')
    t.match(error, { code: 'unreachable', status: 0 })
    t.ok(retryAt >= begin && retryAt < Date.now() + 1000)
    await events.return?.()
    t.match(await first, { done: true })
  })
}

/** A server with alice, and bob who listens through a gateway. */
async function start(t: Test, options: ChatClientOptions = {}, settings = {}) {
  const { chat, url } = await startLiveChat(t, settings)
  const gateway = await Gateway.start(t, url)
  await chat.register('alice')
  const bob = await registered(gateway.url, 'bob', options)
  return { chat, gateway, bob, following: new Following(t, bob) }
}
