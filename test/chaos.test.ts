import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { setTimeout as pauseFor } from 'node:timers/promises'
import t from 'tap'
import { chatroom } from './support/cli.js'
import { Cluster } from './support/cluster.js'
import { Crowd } from './support/crowd.js'
import { FarMachine, farMachineMissing } from './support/far-machine.js'
import { sayMissing } from './support/missing.js'
import { natsMissing } from './support/nats.js'
import { rounds } from './support/random.js'
import { post, until } from './support/remote.js'
import { missingDisks, SmallDisk } from './support/small-disk.js'

const people = 30
/** The disk of one server, which is filled. */
const diskMebibytes = 256
const farMissing = farMachineMissing()
/** A single fault is over for those who use the chat within this time, in ms. */
const backWithinMs = 10_000
/** How long a process is stopped, or cut off, in ms. */
const stoppedMs = rounds(6000, 15_000)
/** How long all goes well between two faults, in ms. */
const calmMs = 1000

const missing = natsMissing()

if (missing !== undefined) sayMissing(t, missing)
else
  void t.test('whatever fails, what was acknowledged is there once, in one order, everywhere', async (t) => {
    const far = farMissing === undefined ? new FarMachine(process.pid % 256) : undefined
    if (far) t.teardown(() => far.remove())
    const disk = missingDisks === undefined ? await SmallDisk.mount(t, diskMebibytes) : undefined
    const cluster = await Cluster.start(t, 3, { servers: 3, syncAlways: true, far, disk: disk?.folder })
    const { nats, nodes, urls } = cluster
    const crowd = await Crowd.gather(t, urls, people)
    crowd.begin()

    /** Does harm, and looks how long nobody is acknowledged anything. */
    const under = async (fault: string, harm: () => Promise<void>, mostMs = backWithinMs): Promise<void> => {
      const since = crowd.restartGaps()
      await harm()
      const count = crowd.acknowledged.length
      await until(() => crowd.acknowledged.length > count + people)
      const { longestMs } = crowd
      t.comment(
        `${fault}: ${longestMs} ms without an acknowledgement, ${Math.round(performance.now() - since)} ms in all`,
      )
      t.comment(`${fault}: a send takes ${crowd.waits} at most, by person`)
      t.ok(longestMs < mostMs, `${fault}: in service again within ${mostMs} ms`)
      await pauseFor(calmMs)
    }

    await under('nothing', async () => undefined)
    await under('the leading server is killed', async () => {
      const leader = await cluster.leader()
      await nats.kill(leader)
      const count = crowd.acknowledged.length
      await until(() => crowd.acknowledged.length > count + people)
      nats.restart(leader)
      await nats.ready()
    })
    for (const index of Array.from(nodes.keys()).slice(0, rounds(1, 3)))
      await under(`node ${index} is killed`, async () => {
        await nodes[index]?.stop('SIGKILL')
        await pauseFor(calmMs)
        await cluster.begin(index)
        await cluster.ready(index)
      })
    await under('a node is cut off', async () => {
      cluster.cut(1)
      await pauseFor(stoppedMs)
      cluster.mend(1)
      await cluster.ready(1)
    })
    await under('a node is stopped', async () => {
      nodes[2]?.process.kill('SIGSTOP')
      await pauseFor(stoppedMs)
      nodes[2]?.process.kill('SIGCONT')
      await cluster.ready(2)
    })
    await under('the leading server is stopped', async () => {
      const leader = await cluster.leader()
      nats.stop(leader)
      await pauseFor(stoppedMs)
      nats.goOn(leader)
      await nats.ready()
    })
    if (far)
      await under('a server is cut off', async () => {
        far.cut()
        await pauseFor(stoppedMs)
        far.mend()
        await nats.ready()
      })
    else t.comment(farMissing)
    if (disk)
      await under('the disk of a server is full', async () => {
        await disk.fill()
        await pauseFor(stoppedMs)
        await nats.kill(1)
        await disk.empty()
        nats.restart(1)
        await nats.ready()
      })
    else t.comment(missingDisks)
    await under(
      'two servers are killed, and come back',
      async () => {
        await nats.kill(0)
        await nats.kill(1)
        await pauseFor(3000)
        t.equal((await post(urls[0] ?? '', '/send', crowd.anyMessage)).status, 503, 'nothing can be written')
        nats.restart(0)
        nats.restart(1)
        await nats.ready()
      },
      // No single fault: the servers have to start, and to find out who leads.
      6 * backWithinMs,
    )
    await under('a node begins with an empty folder', async () => {
      await nodes[0]?.stop('SIGKILL')
      await rm(cluster.dataOf(0), { recursive: true })
      await cluster.begin(0)
      await cluster.ready(0)
    })

    await crowd.end()
    t.comment(`${crowd.acknowledged.length} messages were acknowledged, ${crowd.refused} sends were refused`)
    t.same(crowd.problems(), [], 'each client has all that was acknowledged, once, in one order')
    for (const { id, request } of crowd.some(20))
      for (const url of urls) t.equal((await post(url, '/send', request)).body['message_id'], id, 'a repeat is known')
    await Promise.all(nodes.map((node) => node.stop('SIGTERM')))
    const digests = await Promise.all(nodes.map((_node, index) => digestOf(cluster.dataOf(index))))
    t.equal(new Set(digests).size, 1, 'the nodes have come to the same')
  })

/** What tells the state that a node has come to from others. */
async function digestOf(folder: string): Promise<string> {
  const { code, out, error } = await chatroom(folder, ['export'])
  if (code !== 0) throw new Error(error)
  return createHash('sha256').update(out).digest('hex')
}
