import t, { type Test } from 'tap'
import { closeCodes } from '../schemas/close-codes.js'
import { countsOf, nobodyLeft, openSockets } from './support/left-behind.js'
import { startLiveChat } from './support/live-chat.js'
import { hello } from './support/live-suite.js'
import { openWebSocket } from './support/listener.js'
import { clientFrame, handshake, request } from './support/raw-frames.js'
import { get, post, until } from './support/remote.js'
import { RawClient } from './support/raw-client.js'
import { startServer } from './support/server.js'
import { block, hearOut, longMessages, noise, openings, openSlow } from './support/slow.js'

for (const [name, open] of Object.entries(openings)) {
  const isStream = name === 'Server-Sent Events'
  const test = (title: string, run: (t: Test) => Promise<void>): void => void t.test(`${name}: ${title}`, run)

  test('who does not read is closed, others wait for nothing, and nothing is lost', async (t) => {
    const live = await startLiveChat(t, longMessages)
    const { chat, url } = live
    for (const username of ['alice', 'bob', 'carol']) await chat.register(username)
    const room = await chat.createRoom('alice', ['bob', 'carol'])
    const slow = await openSlow(t, live, open('bob'))
    const fast = await hello(openWebSocket(t, url, { username: 'carol' }).listener)
    const sent: string[] = []
    while (countsOf(chat)['listeners'] === 2) {
      const text = noise()
      sent.push(text)
      await chat.send('alice', room, text)
      t.same(await fast.texts(1), [text])
    }
    t.ok(slow.server.writableLength < 2 * 2 ** 20, 'what waits has a bound')
    const { texts, cursor, code } = await hearOut(slow, isStream)
    t.equal(code, closeCodes.slow_reader.code)
    const again = openWebSocket(t, url, { username: 'bob', lastEventId: cursor }).listener
    t.same([...texts, ...(await again.texts(sent.length - texts.length))], sent)
    again.close()
    fast.close()
    await nobodyLeft(chat)
  })

  test('what is queued for a session that ends is not sent any more', async (t) => {
    const live = await startLiveChat(t, longMessages)
    const { chat } = live
    await chat.register('alice')
    const token = await chat.register('bob', 'correct horse')
    for (const [username, code, leave] of [
      ['bob', closeCodes.session_ended.code, () => chat.logout('bob', token)],
      ['carol', closeCodes.user_removed.code, () => chat.logout('carol')],
    ] as const) {
      if (username === 'carol') await chat.register(username)
      const slow = await openSlow(t, live, open(username === 'bob' ? `bob&access_token=${token}` : username))
      const taken = await block(live, slow, username)
      for (let count = 0; count < 5; count++) await chat.send('alice', username, noise())
      await leave()
      t.equal(countsOf(chat)['listeners'], 0)
      const heard = await hearOut(slow, isStream)
      t.equal(heard.code, name.startsWith('compressed') ? undefined : code)
      t.ok(heard.texts.length <= taken, `${heard.texts.length} of ${taken + 5}`)
      await nobodyLeft(chat)
    }
  })
}

void t.test('who gives no sign of life is let go after two heartbeats, and nobody else', async (t) => {
  const live = await startLiveChat(t, { ...longMessages, CHATROOM_HEARTBEAT: 1 })
  const { chat, url } = live
  for (const username of ['alice', 'bob', 'carol']) await chat.register(username)
  const alive = openWebSocket(t, url, { username: 'bob' })
  const frozen = await RawClient.open(t, url, handshake('bob'))
  await frozen.head()
  for (const [number, open] of Object.values(openings).entries()) {
    const username = `half ${number}`
    await chat.register(username)
    const half = await openSlow(t, live, open(encodeURIComponent(username)))
    await block(live, half, username)
    half.client.socket.end()
  }
  const opcodes: number[] = []
  for (let frame; frame?.opcode !== 8; opcodes.push(frame.opcode)) frame = await frozen.frame()
  t.same(
    opcodes.slice(1).filter((opcode) => opcode !== 1),
    [9, 9, 8],
  )
  frozen.socket.end()
  await until(() => countsOf(chat)['connections'] === 1)
  t.equal(alive.webSocket.readyState, alive.webSocket.OPEN)
  alive.webSocket.terminate()
  await nobodyLeft(chat)
  await until(async () => (await openSockets(chat)) === 0)
})

void t.test('a stream ends at its age, whether its peer takes anything or not', async (t) => {
  const live = await startLiveChat(t, { ...longMessages, CHATROOM_STREAM_AGE: 3 })
  for (const username of ['alice', 'bob']) await live.chat.register(username)
  const takes = await RawClient.open(t, live.url, openings['Server-Sent Events']('bob'))
  t.match(
    await takes.text(/"closing".*\n\n/),
    /\nretry: \d{1,3}\ndata: \{.*"code":4004,"reason":"renewed","reconnect":true\}\n\n$/,
  )
  const stream = await openSlow(t, live, openings['Server-Sent Events']('bob'))
  await block(live, stream, 'bob')
  await nobodyLeft(live.chat)
})

void t.test('who has said its last word while something of a stream waits is not written to any more', async (t) => {
  const live = await startLiveChat(t, longMessages)
  for (const username of ['alice', 'bob']) await live.chat.register(username)
  const stream = await openSlow(t, live, openings['Server-Sent Events']('bob'))
  await block(live, stream, 'bob')
  const { client } = stream
  client.socket.end()
  await until(() => countsOf(live.chat)['listeners'] === 0)
  await nobodyLeft(live.chat)
  t.equal(await openSockets(live.chat), 0)
})

void t.test('nothing follows the close frame', async (t) => {
  const live = await startLiveChat(t, longMessages)
  const { chat } = live
  for (const username of ['alice', 'bob']) await chat.register(username)
  const slow = await openSlow(t, live, handshake('bob'))
  await block(live, slow, 'bob')
  slow.client.write(clientFrame(Buffer.from([3, 232]), { opcode: 8 }))
  const { bytesRead } = slow.server
  await until(() => slow.server.bytesRead > bytesRead)
  for (let count = 0; count < 5; count++) await chat.send('alice', 'bob', noise())
  t.equal((await hearOut(slow, false)).code, 1000)
  await slow.client.closed()
  await t.rejects(slow.client.frame(), /closed after ""/)
})

void t.test('who sends pings without end, and takes no pong, is closed', async (t) => {
  const live = await startLiveChat(t, { CHATROOM_FRAME_RATE: 0 })
  await live.chat.register('alice')
  const { client, server } = await openSlow(t, live, handshake('alice'))
  const pings = Buffer.concat(Array.from({ length: 1000 }, () => clientFrame('x'.repeat(125), { opcode: 9 })))
  let most = 0
  while (countsOf(live.chat)['listeners'] === 1) {
    const { bytesRead } = server
    client.write(pings)
    await until(() => server.bytesRead > bytesRead || server.destroyed)
    most = Math.max(most, server.writableLength)
  }
  t.ok(most < 4 * 2 ** 20, `${most} bytes`)
  const { code = closeCodes.slow_reader.code } = await hearOut({ client, server }, false)
  t.equal(code, closeCodes.slow_reader.code, 'if it takes anything in time')
})

void t.test('peers that do not let go keep no server from stopping well', async (t) => {
  const server = await startServer(t)
  await post(server.url, '/register', { username: 'alice' })
  const clients: RawClient[] = []
  for (const open of Object.values(openings)) clients.push(await RawClient.open(t, server.url, open('alice')))
  for (const client of clients) await client.text(/"hello"/)
  const half = handshake('alice').slice(0, 40)
  for (const bytes of ['', half, `${request('GET', '/online')}${half}`]) await RawClient.open(t, server.url, bytes)
  await RawClient.open(t, server.url, request('POST', '/register', {}, { username: 'bob' }).slice(0, -4))
  await get(server.url, '/health')
  t.equal(await server.stop(), 0, 'before its patience ends')
})
