import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { ChatClient } from '../src/client/index.js'
import { Witness } from './client/witness.js'
import { registered, clientAt } from './support/chat-client.js'
import { chatroom } from './support/cli.js'
import { placeIn } from './support/test-folder.js'
import { Connection, isRunning, membersOf, type Member } from './support/process-group.js'
import { readAll, until } from './support/remote.js'
import { runServer, startServer, type Server } from './support/server.js'

const two = { CHATROOM_PROCESSES: '2' }

function memberOf(server: Server, isOwner: boolean): Member {
  const member = membersOf(server).find((one) => one.isOwner === isOwner)
  if (!member) throw new Error('it is not there')
  return member
}

/** Clients that send all the time, each so many at once, until they are stopped. */
class Traffic {
  /** The texts that were acknowledged, by the ids that they were given. */
  readonly sent = new Map<number, string>()
  private stopped = false
  private readonly lanes: Promise<void>[]

  constructor(clients: readonly ChatClient[], lanes = 4) {
    this.lanes = clients.flatMap((client, index) =>
      Array.from({ length: lanes }, (_, lane) => this.run(client, `${index}.${lane}`)),
    )
  }

  /** Waits until so many more were acknowledged. */
  async goesOn(count = 200): Promise<void> {
    const end = this.sent.size + count
    await until(() => this.sent.size >= end)
  }

  async stop(): Promise<void> {
    this.stopped = true
    await Promise.all(this.lanes)
  }

  private async run(client: ChatClient, name: string): Promise<void> {
    for (let number = 0; !this.stopped; number++) {
      const text = `${name}.${number}`
      const { message_id } = await client.send('bob', text)
      this.sent.set(message_id, text)
    }
  }
}

/** Ends one of the processes without a word, and waits until another is in its place, and serves. */
async function kill(t: Test, server: Server, isOwner: boolean): Promise<void> {
  const { pid } = memberOf(server, isOwner)
  process.kill(pid, 'SIGKILL')
  await until(() => membersOf(server).some((member) => member.isOwner === isOwner && member.pid !== pid))
  await Connection.toEach(t, server)
}

void t.test('processes that are killed and held up are not missed: each message once, in one order', async (t) => {
  const server = await startServer(t, two)
  await registered(server.url, 'bob')
  const witnesses = Array.from(
    { length: 8 },
    (_, index) =>
      new Witness(t, clientAt(server.url, { username: 'bob', transports: [index % 2 === 0 ? 'sse' : 'websocket'] })),
  )
  const listening = witnesses.map((witness) => witness.listen(Infinity))
  for (const one of listening) one.catch((error: unknown) => t.fail(String(error)))
  await Promise.all(witnesses.map(({ begun }) => begun))
  const senders = await Promise.all(['ann', 'cem', 'dan', 'eve'].map((name) => registered(server.url, name)))
  const traffic = new Traffic(senders)
  await traffic.goesOn()

  await kill(t, server, false)
  await traffic.goesOn()
  await kill(t, server, true)
  await traffic.goesOn()

  const { owner } = await Connection.toEach(t, server)
  const { pid } = memberOf(server, false)
  process.kill(pid, 'SIGSTOP')
  const begin = performance.now()
  for (let number = 0; number < 500; number++)
    t.same((await owner.post('/send', { sender: 'bob', recipient: 'ann', message: 'held up' })).status, 200)
  t.ok(performance.now() - begin < 10_000, 'one that is held up holds nobody up')
  process.kill(pid, 'SIGCONT')
  await traffic.goesOn()
  await traffic.stop()

  const texts = (await readAll(server.url, 'bob')).map(({ id, message }) => ({ id, message }))
  const told = texts.filter(({ message }) => message !== 'held up').map(({ message }) => message)
  t.same(new Set(told).size, told.length, 'none is there twice')
  t.same(told.toSorted(), Array.from(traffic.sent.values()).toSorted(), 'all that was acknowledged')
  for (const { id, message } of texts)
    if (message !== 'held up' && traffic.sent.get(id) !== message) t.fail(`message ${id} has another id`)
  for (const witness of witnesses) {
    const heard = () => witness.texts.filter((text) => text !== 'held up')
    await until(() => heard().length >= told.length)
    t.same(heard(), told)
  }
  t.ok(
    witnesses.some(({ connections }) => connections > 1),
    'some came back',
  )
  t.match(server.output(), /which follows, has ended with SIGKILL; another is started/)
  t.match(server.output(), /which owns the folder, has ended with SIGKILL; another is started/)
  t.comment(`${told.length} messages; connections: ${witnesses.map(({ connections }) => connections).join(', ')}`)
})

void t.test('SIGTERM under load ends all in good order, and leaves nothing', async (t) => {
  const temporary = await mkdtemp(join(tmpdir(), 'chatroom-'))
  t.teardown(() => rm(temporary, { recursive: true }))
  const server = await startServer(t, { ...two, TMPDIR: temporary })
  await registered(server.url, 'bob')
  t.equal((await readdir(temporary)).length, 1)
  const members = membersOf(server)
  t.equal(members.length, 2)
  const { owner, follower } = await Connection.toEach(t, server)
  const answered: string[] = []
  const send = async (connection: Connection, name: string): Promise<void> => {
    for (let number = 0; ; number++) {
      const message = `${name} ${number}`
      const { status } = await connection.post('/send', { sender: 'bob', recipient: 'bob', message })
      if (status !== 200) return
      answered.push(message)
    }
  }
  const sending = Promise.allSettled([send(owner, 'owner'), send(follower, 'follower')])
  await until(() => answered.length > 100)
  t.equal(await server.stop(), 0)
  await sending
  t.same(await readdir(temporary), [])
  for (const { pid } of members) t.notOk(isRunning(pid))
  t.notMatch(server.output(), /has ended|"level":50/)
  const again = await server.restart()
  const texts = new Set((await readAll(again.url, 'bob')).map(({ message }) => message))
  t.same(
    answered.filter((text) => !texts.has(text)),
    [],
    'what was answered is there',
  )
})

void t.test('what is wrong is said in one line, as by one process', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const cases = [
    [{ CHATROOM_DATA: ':memory:' }, /CHATROOM_PROCESSES is "2", but CHATROOM_DATA is ":memory:"/],
    [{ PORT: String(port) }, new RegExp(`PORT is ${port}, which another process uses\\.`)],
    [{ CHATROOM_ANNOUNCEMENT: 'no.txt' }, /CHATROOM_ANNOUNCEMENT is "no\.txt", which cannot be read/],
    [{ CHATROOM_PROCESSES: '65' }, /CHATROOM_PROCESSES is "65"/],
  ] as const
  for (const [environment, says] of cases) {
    const { code, output } = await runServer(t, { ...two, ...environment, CHATROOM_LOG_LEVEL: 'silent' })
    t.equal(code, 1)
    t.match(output, says)
    t.equal(output.trimEnd().split('\n').length, 1, output)
  }
})

/** Both processes, each reached by a connection of its own. */
const ways = ({ owner, follower }: { owner: Connection; follower: Connection }) =>
  [
    { here: owner, there: follower },
    { here: follower, there: owner },
  ] as const

void t.test('a guest who only listens at one process is not taken for idle by the other', async (t) => {
  const server = await startServer(t, { ...two, CHATROOM_GUEST_TTL: '1' })
  const { owner, follower } = await Connection.toEach(t, server)
  await owner.post('/register', { username: 'at the owner' })
  await follower.post('/register', { username: 'at the follower' })
  await (await Connection.toEach(t, server)).owner.listen('at the owner')
  await (await Connection.toEach(t, server)).follower.listen('at the follower')
  // One after the other is idle, and goes; those who listen stay.
  for (let number = 0; number < 3; number++) {
    await owner.post('/register', { username: `idle ${number}` })
    await until(async () => !namesOf(await online(server)).includes(`idle ${number}`))
    for (const name of ['at the owner', 'at the follower']) t.ok(namesOf(await online(server)).includes(name), name)
  }
})

const online = async ({ url }: Server): Promise<object> => (await (await fetch(`${url}/online`)).json()) as object
const namesOf = (answer: object): string[] => (answer as { online_users: string[] }).online_users

/** Two more connections, the first to the owner, or to who follows. */
async function pair(t: Test, server: Server, ownerFirst: boolean): Promise<readonly [Connection, Connection]> {
  const { owner, follower } = await Connection.toEach(t, server)
  return ownerFirst ? [owner, follower] : [follower, owner]
}

const operator = 'an-operator-token-that-is-long-enough'

void t.test('what two processes share', async (t) => {
  const server = await startServer(t, { ...two, CHATROOM_OPERATOR_TOKEN: operator, CHATROOM_PASSWORD_RATE_LIMIT: '6' })

  await t.test('presence and typing cross the processes', async (t) => {
    const connections = await Connection.toEach(t, server)
    for (const [index, { here, there }] of ways(connections).entries()) {
      const [ann, bob] = [`ann ${index}`, `bob ${index}`]
      for (const username of [ann, bob]) await here.post('/register', { username })
      await here.post('/send', { sender: ann, recipient: bob, message: 'Hi' })
      const [listening, other] = await pair(t, server, here === connections.owner)
      const heard = await listening.listen(ann)
      await other.listen(bob)
      await until(() => heard().includes(`{"username":"${bob}","presence":"connected"}`))
      for (const connection of [here, there])
        await until(async () => {
          const present = (await connection.get('/online')).body['presence'] as string[]
          return present.includes(ann) && present.includes(bob)
        })
      t.match(await there.post(`/conversations/${encodeURIComponent(ann)}/typing`, { username: bob }), { status: 200 })
      await until(() => heard().includes('"type":"typing"'))
    }
    t.pass('in both directions')
  })

  await t.test('passwords that are tried are counted over all processes', async (t) => {
    const { owner, follower } = await Connection.toEach(t, server)
    await owner.post('/register', { username: 'eve', password: 'correct horse' })
    let tries = 0
    for (let isOver = false; !isOver && tries < 20; tries++)
      for (const connection of [owner, follower]) {
        const { status } = await connection.post('/login', { username: 'eve', password: `wrong ${tries}` })
        isOver ||= status === 429
      }
    t.ok(tries <= 4, `${tries} tries at each`)
  })

  await t.test('the announcement is set at any process, and is in the file', async (t) => {
    const connections = await Connection.toEach(t, server)
    for (const [index, { here, there }] of ways(connections).entries()) {
      const announcement = `News ${index}`
      const headers = { authorization: `Bearer ${operator}` }
      t.match(await here.ask('PUT', '/announcement', { announcement }, headers), { status: 200 })
      t.match(await there.get('/announcement'), { body: { announcement } })
    }
  })

  await t.test('a backup while they serve is whole', async (t) => {
    const connections = await Connection.toEach(t, server)
    for (const { here } of ways(connections)) {
      await here.post('/register', { username: 'ann' })
      for (let number = 0; number < 20; number++)
        await here.post('/send', { sender: 'ann', recipient: 'ann', message: `${number}` })
    }
    const file = placeIn(t)
    t.match(await chatroom(join(server.folder, 'data'), ['backup', file]), { code: 0 })
    t.match(await chatroom('unused', ['verify', file]), { code: 0, out: /Nothing is wrong\.\n$/ })
    t.match(await chatroom(join(server.folder, 'data'), ['verify']), { code: 0, out: /Nothing is wrong\.\n$/ })
  })

  await t.test('whoever watches over them does not outlive them, nor they it', async (t) => {
    const members = membersOf(server)
    await server.stop('SIGKILL')
    await until(() => !members.some(({ pid }) => isRunning(pid)))
    t.match(await (await server.restart()).stop(), 0, 'the folder is free')
  })
})
