import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { NatsLease, type NatsLeaseOptions } from '../src/nats/nats-lease.js'
import { builtFile } from './support/built.js'
import { gate } from './support/gate.js'
import { sayMissing } from './support/missing.js'
import { connected, natsMissing, startNats } from './support/nats.js'
import { until } from './support/remote.js'

const missing = natsMissing()
if (missing !== undefined) sayMissing(t, missing)
else {
  void t.test('one node has the lease', leasing)
  void t.test('a holder that dies, or stands still, has it no more', dyingHolders)
  void t.test('the server that leads dies, and one node has the lease', leaseOnThreeServers)
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
  const stream = `KV_lease${leases}_leases`
  const leader = await nats.leaderOf(manager, stream)
  await nats.kill(leader)
  await until(async () => (await nats.leaderOf(manager, stream)) !== leader)
  await until(() => holders().length === 1)
}
