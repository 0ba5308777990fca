import type { NatsConnection } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { NatsPeers, type NatsPeersOptions } from '../src/nats/nats-peers.js'
import { sayMissing } from './support/missing.js'
import { connected, natsMissing, startNats } from './support/nats.js'
import { until } from './support/remote.js'

const missing = natsMissing()
if (missing !== undefined) sayMissing(t, missing)
else {
  void t.test('nodes tell each other what passes', telling)
  void t.test('a node that has missed something is told all again', losing)
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
    const [a, b] = await two(t, connections)
    t.same([...b.peers.peers], [a.peers.id])
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
    t.equal(a.peers.peers.size, 0)
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
