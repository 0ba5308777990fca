import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { ToldBatch, ToldEvent } from '../src/hub/told-event.js'
import { Deliveries } from '../src/http/deliveries.js'
import { webSocketFraming } from '../src/live/framings.js'
import { Outbox } from '../src/live/outbox.js'
import { writes } from '../src/live/writes.js'
import { openWebSocket } from './support/listener.js'
import { startLiveChat } from './support/live-chat.js'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const batch = new ToldBatch([new ToldEvent(Buffer.from('{"type":"typing"}'))])
const length = batch.as(webSocketFraming).length

/** An outbox on a real socket, and what it has written. */
async function open(t: Test) {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connected = once(server, 'connection') as Promise<[Socket]>
  const peer = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [socket] = await connected
  const deliveries = new Deliveries({ connections: 1, bytes: 2 ** 20 })
  deliveries.add(socket, 'an address')
  t.teardown(() => {
    peer.destroy()
    server.close()
    deliveries.close()
  })
  socket.on('error', () => undefined)
  const written: number[] = []
  const write = socket.write.bind(socket) as (bytes: Uint8Array) => boolean
  socket.write = ((bytes: Uint8Array) => {
    written.push(bytes.length)
    return write(bytes)
  }) as Socket['write']
  const owner = { isOpen: true, onFull: () => undefined, onRoom: () => undefined }
  return { outbox: new Outbox(socket, webSocketFraming, owner, deliveries), owner, written }
}

/** Until nobody was written to lately. */
async function beQuiet(): Promise<void> {
  for (const { beat } = writes; writes.beat === beat;) {
    writes.begin()
    await turn()
  }
}

void t.test('what is told of a quiet room goes out in the same turn', async (t) => {
  const { outbox, written } = await open(t)
  await beQuiet()
  outbox.take(batch)
  outbox.take(batch)
  await Promise.resolve()
  t.same(written, [2 * length])
})

void t.test('what comes soon after a write is gathered: one write a beat', async (t) => {
  const { outbox, written } = await open(t)
  await beQuiet()
  const { beat } = writes
  const events = 50
  for (let count = 0; count < events; count++) {
    outbox.take(batch)
    await turn()
  }
  await beQuiet()
  t.equal(
    written.reduce((sum, bytes) => sum + bytes, 0),
    events * length,
    'all of it is written',
  )
  // Where a turn takes longer than a beat, there is nothing to gather.
  t.ok(written.length <= 1 + writes.beat - beat, `${written.length} writes in ${writes.beat - beat} beats`)
})

void t.test('an answer waits for no beat, and takes along what does', async (t) => {
  const { outbox, written } = await open(t)
  await beQuiet()
  outbox.take(batch)
  await Promise.resolve()
  outbox.take(batch)
  outbox.say(Buffer.from('{"type":"ack"}'))
  await Promise.resolve()
  t.equal(written.length, 2)
  t.ok((written[1] ?? 0) > length)
})

void t.test('nothing is written any more when the connection is being closed', async (t) => {
  const { outbox, owner, written } = await open(t)
  await beQuiet()
  outbox.take(batch)
  await Promise.resolve()
  outbox.take(batch)
  owner.isOpen = false
  await beQuiet()
  t.equal(written.length, 1)
})

void t.test('who is let go hears first what it was told', async (t) => {
  const { chat, url } = await startLiveChat(t)
  for (const username of ['alice', 'bob']) await chat.register(username)
  const { listener } = openWebSocket(t, url, { username: 'alice' })
  await listener.next('hello')
  const texts = ['one', 'two', 'three']
  await Promise.all([...texts.map((text) => chat.send('bob', 'alice', text)), chat.logout('alice')])
  t.same(await listener.texts(3), texts)
  t.match(await listener.ended(), { reason: 'user_removed' })
})
