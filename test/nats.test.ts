import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { Objm } from '@nats-io/obj'
import type { NatsConnection } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { connectNats } from '../src/nats/connection.js'
import { NatsLease, type NatsLeaseOptions } from '../src/nats/nats-lease.js'
import { NatsPeers, type NatsPeersOptions } from '../src/nats/nats-peers.js'
import { SnapshotStore, type SnapshotAbout } from '../src/nats/snapshot-store.js'
import { builtFile } from './support/built.js'
import { gate } from './support/gate.js'
import { sayMissing } from './support/missing.js'
import { Nats, natsMissing, type NatsOptions } from './support/nats.js'
import { until } from './support/remote.js'

const startNats = (t: Test, options: NatsOptions = {}): Promise<Nats> =>
  Nats.start({ folder: t.testdir(), onEnd: (ending) => t.teardown(ending) }, options)

async function connected(t: Test, { url }: { readonly url: string }): Promise<NatsConnection> {
  const connection = await connectNats({ url })
  t.teardown(() => connection.close())
  return connection
}

const missing = natsMissing()
if (missing !== undefined) sayMissing(t, missing)
else {
  void t.test('nodes tell each other what passes', telling)
  void t.test('a node that has missed something is told all again', losing)
  void t.test('one node has the lease', leasing)
  void t.test('a holder that dies, or stands still, has it no more', dyingHolders)
  void t.test('the server that leads dies, and one node has the lease', leaseOnThreeServers)
  void t.test('a snapshot that was put can be fetched', snapshots)
  void t.test('a large snapshot travels in bounded memory, though a server dies', snapshotOnThreeServers)
}

/** A node, and what it hears. */
class Node {
  readonly heard: string[] = []
  readonly peers: NatsPeers

  /** What it tells to each that comes. */
  state = 'state'

  constructor(t: Test, connection: NatsConnection, options: Partial<NatsPeersOptions> = {}) {
    this.peers = new NatsPeers({ connection, prefix: 'test', ...options })
    t.teardown(() => this.peers.close())
    this.peers.on('state', (body, peer) => this.heard.push(`${peer} ${(body as { text: string }).text}`))
    this.peers.onCome((peer) => {
      this.heard.push(`${peer} came`)
      this.tell(this.state)
    })
    this.peers.onGone((peer) => this.heard.push(`${peer} went`))
  }

  tell(text: string): void {
    this.peers.tell('state', { text })
  }

  hasHeard({ peers }: Node, text: string): boolean {
    return this.heard.includes(`${peers.id} ${text}`)
  }

  /** What it has heard last of another one. */
  latest({ peers: { id } }: Node): string | undefined {
    return this.heard.findLast((text) => text.startsWith(id))?.slice(id.length + 1)
  }
}

async function telling(t: Test): Promise<void> {
  const nats = await startNats(t, { maxPayload: 4096 })
  const connections = [await connected(t, nats), await connected(t, nats)] as const

  await t.test('who comes is told all, and who goes is known to have gone', async (t) => {
    const [a, b] = await two(t, connections, { about: () => ({ position: 7 }) })
    t.same(b.peers.list(), [{ peer: a.peers.id, about: { position: 7 } }])
    const c = new Node(t, connections[1])
    await until(() => [a, b].every((node) => node.hasHeard(c, 'state') && c.hasHeard(node, 'state')))
    t.equal(a.heard.filter((text) => text.includes(a.peers.id)).length, 0, 'nobody hears itself')
    c.peers.close()
    c.peers.close()
    await until(() => [a, b].every((node) => node.hasHeard(c, 'went')))
    t.equal(a.heard.filter((text) => text === `${b.peers.id} came`).length, 1)
  })

  await t.test('what is larger than a message may be comes whole, and in order', async (t) => {
    const [a, b] = await two(t, connections)
    const long = Array.from({ length: 50_000 }, (_, index) => `ä${index}`).join()
    a.tell('before')
    a.tell(long)
    a.tell('x'.repeat(2 ** 24))
    a.tell('after')
    await until(() => b.hasHeard(a, 'after'))
    t.same(
      b.heard.slice(-3).map((text) => text.slice(37, 137)),
      ['before', long.slice(0, 100), 'after'],
      'and what is far too large does not come',
    )
    t.ok(b.hasHeard(a, long))
  })

  await t.test('what others send there is not taken', async (t) => {
    const [a, b] = await two(t, connections)
    const { length } = b.heard
    for (const text of ['', 'null', '{"era":1}', '{"era":1,"kind":"state"}']) connections[0].publish('test.peers', text)
    a.tell('last')
    await until(() => b.hasHeard(a, 'last'))
    t.equal(b.heard.length, length + 1)
  })
}

async function losing(t: Test): Promise<void> {
  const nats = await startNats(t)
  const connections = [await connected(t, nats), await connected(t, nats)] as const
  const [connection] = connections

  await t.test('what was told without a connection is told when there is one again', async (t) => {
    const [a, b] = await two(t, connections)
    await nats.kill()
    await until(() => connection.info === undefined)
    a.state = 'new'
    a.tell('new')
    nats.restart()
    await until(() => b.latest(a) === 'new')
    t.notOk(b.hasHeard(a, 'went'), 'it was not away for long')
  })

  await t.test('without a connection all are gone, and come again with it', async (t) => {
    const [a, b] = await two(t, connections, { beatMs: 100 })
    await nats.kill()
    await until(() => a.hasHeard(b, 'went') && b.hasHeard(a, 'went'))
    t.same(a.peers.list(), [])
    nats.restart()
    a.state = 'new'
    await until(() => b.latest(a) === 'new' && a.latest(b) === 'state')
  })

  await t.test('a node that is silent is gone', async (t) => {
    const others = await connected(t, nats)
    const [a, b] = await two(t, [connection, others], { beatMs: 100 })
    await others.close()
    await until(() => a.latest(b) === 'went')
    t.pass()
  })
}

/** Two nodes that have told each other all. */
async function two(
  t: Test,
  connections: readonly [NatsConnection, NatsConnection],
  options: Partial<NatsPeersOptions> = {},
): Promise<[Node, Node]> {
  const [a, b] = [new Node(t, connections[0], options), new Node(t, connections[1], options)]
  await until(() => a.hasHeard(b, 'state') && b.hasHeard(a, 'state'))
  return [a, b]
}

let leases = 0

/** A lease, and what it has come to. */
class Leased {
  readonly acts: string[] = []
  readonly lease: NatsLease

  constructor(
    t: Test,
    connection: NatsConnection,
    private readonly take: () => Promise<void> = async () => undefined,
    options: Partial<NatsLeaseOptions> = {},
  ) {
    this.lease = new NatsLease({
      connection,
      prefix: `lease${leases}`,
      replicas: 1,
      node: `node${Math.random()}`,
      settings: 'same',
      termMs: 2500,
      onDiffer: (inForce, own) => this.acts.push(`${inForce} is not ${own}`),
      onTrouble: ({ message }) => this.acts.push(message),
      ...options,
    })
    t.teardown(() => this.lease.end())
  }

  hold(): Promise<void> {
    return this.lease.hold(
      () => {
        this.acts.push('takes')
        return this.take()
      },
      () => this.acts.push('drops'),
    )
  }
}

async function leasing(t: Test): Promise<void> {
  const nats = await startNats(t)
  const connection = await connected(t, nats)
  t.beforeEach(() => void leases++)

  await t.test('of many that ask at once, one has it; when it ends, another one takes it', async (t) => {
    const nodes = Array.from({ length: 5 }, () => new Leased(t, connection))
    await Promise.all(nodes.map((node) => node.hold()))
    const holders = () => nodes.filter(({ lease }) => lease.isHeld)
    t.equal(holders().length, 1)
    for (let left = nodes.length - 1; left > 0; left--) {
      const [holder] = holders()
      await holder?.lease.end()
      await holder?.lease.end()
      t.strictSame(holder?.acts, ['takes', 'drops'])
      const begin = performance.now()
      await until(() => holders().length === 1)
      t.ok(performance.now() - begin < 1000, 'at once')
    }
  })

  await t.test('one that cannot do it leaves it to another', async (t) => {
    const failing = new Leased(t, connection, () => Promise.reject(new Error('no disk')))
    const other = new Leased(t, connection)
    await failing.hold()
    t.notOk(other.lease.isHeld)
    await other.hold()
    await until(() => other.lease.isHeld)
    t.strictSame(failing.acts.slice(0, 3), ['takes', 'no disk', 'drops'])
    await other.lease.end()
    await until(() => failing.acts.filter((act) => act === 'takes').length > 1)
    t.pass('and tries again later')
  })

  await t.test('servers that do not answer are waited for', async (t) => {
    const node = new Leased(t, connection)
    await node.hold()
    nats.stop()
    await until(() => node.acts.includes('drops'))
    nats.goOn()
    await until(() => node.lease.isHeld)
    t.strictSame(node.acts, ['takes', 'drops', 'takes'])
  })

  await t.test('what is lost while it is taken is dropped once it was taken', async (t) => {
    const held = gate()
    const node = new Leased(t, connection, held.pause)
    const holding = node.hold()
    await until(() => node.lease.isHeld)
    nats.stop()
    await until(() => node.acts.includes('drops'))
    t.notOk(node.lease.isHeld)
    held.letThrough()
    await holding
    t.strictSame(node.acts, ['takes', 'drops', 'drops'])
    nats.goOn()
    await until(() => node.lease.isHeld)
  })

  await t.test('a node with other settings lets those with the same go first', async (t) => {
    const [one, same] = [new Leased(t, connection), new Leased(t, connection)]
    const other = new Leased(t, connection, undefined, { settings: 'other' })
    await one.hold()
    await other.hold()
    t.strictSame(other.acts, ['same is not other'])
    await one.lease.end()
    await same.hold()
    await until(() => same.lease.isHeld)
    t.notOk(other.lease.isHeld)
    await same.lease.end()
    const again = new Leased(t, connection)
    await until(() => other.lease.isHeld)
    await again.hold()
    t.strictSame(other.acts, ['same is not other', 'takes'], 'it is told once')
    t.strictSame(again.acts, ['other is not same'], 'its settings are in force')
  })
}

/** A process of its own that holds a lease. */
function holder(t: Test, url: string, node: string): { readonly child: ChildProcess; readonly acts: string[] } {
  const script = builtFile('test/support/lease-driver.ts')
  const child = spawn(process.execPath, [script, url, 'holders', node], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const acts: string[] = []
  if (child.stdout) createInterface(child.stdout).on('line', (line) => acts.push(line))
  return { child, acts }
}

async function dyingHolders(t: Test): Promise<void> {
  const { url } = await startNats(t)
  const first = holder(t, url, 'first')
  await until(() => first.acts.length > 0)
  const second = holder(t, url, 'second')

  await t.test('one that stands still', async (t) => {
    const begin = performance.now()
    first.child.kill('SIGSTOP')
    await until(() => second.acts.length > 0)
    const ms = performance.now() - begin
    t.ok(ms < 10_000, `it takes ${Math.round(ms)} ms until another one has it`)
    t.strictSame(first.acts, ['takes'])
    first.child.kill('SIGCONT')
    await until(() => first.acts.length > 1)
    t.strictSame(first.acts, ['takes', 'drops'])
  })

  await t.test('one that dies', async (t) => {
    const begin = performance.now()
    second.child.kill('SIGKILL')
    await until(() => first.acts.length > 2)
    const ms = performance.now() - begin
    t.ok(ms < 10_000, `it takes ${Math.round(ms)} ms until another one has it`)
    t.strictSame(first.acts, ['takes', 'drops', 'takes'])
  })
}

async function leaseOnThreeServers(t: Test): Promise<void> {
  const nats = await startNats(t, { servers: 3 })
  leases++
  const nodes: Leased[] = []
  const holders = () => nodes.filter(({ lease }) => lease.isHeld)
  const check = async () => void t.equal(holders().length, 1, 'no other has it')
  for (const connection of [await connected(t, nats), await connected(t, nats)])
    nodes.push(new Leased(t, connection, check, { replicas: 3 }))
  await Promise.all(nodes.map((node) => node.hold()))
  await until(() => holders().length === 1)
  const manager = await jetstreamManager(await connected(t, nats), { checkAPI: false })
  const { cluster } = await manager.streams.info(`KV_lease${leases}_leases`)
  await nats.kill(nats.indexOf(cluster?.leader ?? ''))
  await until(async () => {
    const info = await manager.streams.info(`KV_lease${leases}_leases`).catch(() => undefined)
    return info?.cluster?.leader !== undefined && info.cluster.leader !== cluster?.leader
  })
  await until(() => holders().length === 1)
}

const aboutOf = (position: number, epoch = 'epoch'): SnapshotAbout => ({
  position,
  cursor: String(position),
  epoch,
  format: 1,
})

async function snapshots(t: Test): Promise<void> {
  const nats = await startNats(t)
  const connection = await connected(t, nats)
  const manager = await jetstreamManager(connection)
  let stores = 0
  const make = (t: Test, sizeBytes: number) => {
    const prefix = `snap${++stores}`
    const content = randomBytes(sizeBytes)
    const folder = t.testdir()
    const file = join(folder, 'put')
    writeFileSync(file, content)
    const options = { connection, prefix, replicas: 1, abandonedMs: 0 }
    const stream = `OBJ_${prefix}_snapshots`
    return { content, folder, file, prefix, stream, fetched: join(folder, 'got'), store: new SnapshotStore(options) }
  }

  await t.test('as it was, whatever its size', async (t) => {
    for (const sizeBytes of [0, 1, 2 ** 19, 2 ** 21 + 1]) {
      const { store, file, fetched, content } = make(t, sizeBytes)
      t.equal(await store.newest(), undefined)
      const told: string[] = []
      const onBytes = (doneBytes: number, allBytes: number) => void told.push(`${doneBytes} of ${allBytes}`)
      const put = await store.put(file, aboutOf(7), onBytes)
      const newest = await store.newest()
      t.strictSame(newest, put)
      t.strictSame(put.about, aboutOf(7))
      await store.fetch(put, fetched, onBytes)
      t.ok(readFileSync(fetched).equals(content))
      t.equal(told.length, 2 * put.chunks)
      if (sizeBytes > 0) t.equal(told.at(-1), `${sizeBytes} of ${sizeBytes}`)
    }
  })

  await t.test('the tools of NATS know it', async (t) => {
    const { store, file, prefix, content } = make(t, 2 ** 20)
    const { about } = await store.put(file, aboutOf(1))
    const objects = await new Objm(connection).open(`${prefix}_snapshots`)
    const got = await objects.getBlob(`${about.position} ${about.epoch}`)
    t.ok(got && content.equals(got))
  })

  await t.test('the newest two are kept', async (t) => {
    const { store, file } = make(t, 1000)
    const positions = async () => (await store.list()).map(({ about }) => about.position)
    for (const position of [1, 2, 4, 3]) await store.put(file, aboutOf(position))
    t.strictSame(await positions(), [4, 3])
    await store.put(file, aboutOf(1, 'of another log'))
    t.strictSame(await positions(), [1, 3], 'one of a log that began anew is newer')
    await store.put(file, aboutOf(1, 'of another log'))
    t.strictSame(await positions(), [1, 3], 'one that is put again is there once')
  })

  await t.test('one that is half there is none, and is removed', async (t) => {
    const { store, file, stream, prefix } = make(t, 1000)
    const put = await store.put(file, aboutOf(1))
    await jetstream(connection).publish(`$O.${prefix}_snapshots.C.half`, 'a chunk')
    t.strictSame(await store.list(), [put])
    await store.put(file, aboutOf(2))
    const { state } = await manager.streams.info(stream, { subjects_filter: '>' })
    t.equal(Object.keys(state.subjects ?? {}).filter((subject) => subject.endsWith('.half')).length, 0)
    t.equal(state.messages, 4, 'a record and a chunk of each')
  })

  await t.test('one that is damaged, or gone, is not fetched', async (t) => {
    const { store, file, folder, fetched, stream, prefix } = make(t, 1000)
    const put = await store.put(file, aboutOf(1))
    const subject = `$O.${prefix}_snapshots.C.${put.id}`
    await manager.streams.purge(stream, { filter: subject })
    await t.rejects(store.fetch(put, fetched), { name: 'DataError', message: /lacks chunk 1 of 1/ })
    await jetstream(connection).publish(subject, 'another chunk')
    await t.rejects(store.fetch(put, fetched), { name: 'DataError', message: /is damaged/ })
    t.strictSame(
      readdirSync(folder).filter((name) => name.startsWith('got')),
      [],
    )
  })

  await t.test('too few servers are told of', async (t) => {
    const store = new SnapshotStore({ connection, prefix: 'toofew', replicas: 3 })
    await t.rejects(store.list(), { name: 'SettingError', message: /CHATROOM_NATS_REPLICAS is 3/ })
  })
}

async function snapshotOnThreeServers(t: Test): Promise<void> {
  const nats = await startNats(t, { servers: 3 })
  const connection = await connected(t, nats)
  const folder = t.testdirName
  const [file, fetched] = [join(folder, 'put'), join(folder, 'got')]
  const content = randomBytes(2 ** 26)
  writeFileSync(file, content)
  const store = new SnapshotStore({ connection, prefix: 'large', replicas: 3 })
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const beforeBytes = process.memoryUsage.rss()
  let mostBytes = 0
  const killLeader = async (): Promise<number> => {
    const { cluster } = await manager.streams.info('OBJ_large_snapshots')
    const leader = nats.indexOf(cluster?.leader ?? '')
    await nats.kill(leader)
    return leader
  }
  /** Kills the server that leads when half has come. */
  const killing = () => {
    let killed: Promise<number> | undefined
    const onBytes = (doneBytes: number, allBytes: number): void => {
      mostBytes = Math.max(mostBytes, process.memoryUsage.rss())
      if (doneBytes > allBytes / 2) killed ??= killLeader()
    }
    const heal = async (): Promise<void> => {
      nats.restart(await killed)
      await nats.ready()
    }
    return { onBytes, heal }
  }
  for (const name of ['put', 'fetched'] as const) {
    const { onBytes, heal } = killing()
    const begin = performance.now()
    if (name === 'put') await store.put(file, aboutOf(1), onBytes)
    else {
      const newest = await store.newest()
      if (newest) await store.fetch(newest, fetched, onBytes)
    }
    t.comment(`${name} in ${Math.round(performance.now() - begin)} ms`)
    await heal()
  }
  t.ok(readFileSync(fetched).equals(content))
  const moreBytes = mostBytes - beforeBytes
  t.ok(moreBytes < content.length, `${Math.round(moreBytes / 2 ** 20)} MiB more at most`)
}
