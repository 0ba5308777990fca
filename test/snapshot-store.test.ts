import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { Objm } from '@nats-io/obj'
import t, { type Test } from 'tap'
import { SnapshotStore, type SnapshotAbout } from '../src/nats/snapshot-store.js'
import { sayMissing } from './support/missing.js'
import { connected, natsMissing, startNats } from './support/nats.js'
import { folderOf } from './support/test-folder.js'

const missing = natsMissing()
if (missing !== undefined) sayMissing(t, missing)
else {
  void t.test('a snapshot that was put can be fetched', snapshots)
  void t.test('a large snapshot travels in bounded memory, though a server dies', snapshotOnThreeServers)
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
    const folder = folderOf(t)
    const file = join(folder, 'put')
    writeFileSync(file, content)
    const options = { connection, prefix, replicas: 1, abandonedMs: 0 }
    const stream = `OBJ_${prefix}_snapshots`
    return { content, folder, file, prefix, stream, fetched: join(folder, 'got'), store: new SnapshotStore(options) }
  }

  await t.test('as it was, whatever its size', async (t) => {
    for (const sizeBytes of [0, 1, 2 ** 19, 2 ** 21 + 1]) {
      const { store, file, fetched, content } = make(t, sizeBytes)
      t.strictSame(await store.list(), [])
      const told: string[] = []
      const onBytes = (doneBytes: number, allBytes: number) => void told.push(`${doneBytes} of ${allBytes}`)
      const put = await store.put(file, aboutOf(7), onBytes)
      t.strictSame(await store.list(), [put])
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
  const folder = folderOf(t)
  const [file, fetched] = [join(folder, 'put'), join(folder, 'got')]
  const content = randomBytes(2 ** 26)
  writeFileSync(file, content)
  const store = new SnapshotStore({ connection, prefix: 'large', replicas: 3 })
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const beforeBytes = process.memoryUsage.rss()
  let mostBytes = 0
  const killLeader = async (): Promise<number> => {
    const leader = await nats.leaderOf(manager, 'OBJ_large_snapshots')
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
      const [newest] = await store.list()
      if (newest) await store.fetch(newest, fetched, onBytes)
    }
    t.comment(`${name} in ${Math.round(performance.now() - begin)} ms`)
    await heal()
  }
  t.ok(readFileSync(fetched).equals(content))
  const moreBytes = mostBytes - beforeBytes
  t.ok(moreBytes < content.length, `${Math.round(moreBytes / 2 ** 20)} MiB more at most`)
}
