import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import type { Settings } from '../schemas/settings.js'
import { buildApp } from '../src/app.js'
import { foundCluster } from '../src/node/found-cluster.js'
import { openCluster } from '../src/node/cluster.js'
import { Snapshots, type DatedAbout } from '../src/node/snapshots.js'
import type { SqliteArchive } from '../src/archive/sqlite-archive.js'
import type { JetStreamLog } from '../src/log/jetstream/jetstream-log.js'
import { SnapshotStore } from '../src/nats/snapshot-store.js'
import { Chat, startChat, testSettings } from './support/chat.js'
import { chatroom } from './support/cli.js'
import { inFolder, openChat, stateOf } from './support/open-chat.js'
import { sayMissing } from './support/missing.js'
import { connected, natsMissing, startNats, type Nats } from './support/nats.js'
import { until } from './support/remote.js'
import { folderOf } from './support/test-folder.js'

const silent = pino({ enabled: false })

/** One NATS server, and nodes on it, each in a folder of its own. */
class Nodes {
  readonly lines: string[] = []
  readonly lost: Error[] = []

  private constructor(
    private readonly t: Test,
    readonly nats: Nats,
    private readonly folder: string,
  ) {}

  static async on(t: Test): Promise<Nodes> {
    return new Nodes(t, await startNats(t), folderOf(t))
  }

  dataOf(name: string): string {
    return join(this.folder, name)
  }

  settingsOf(name: string, more: Partial<Settings> = {}): Settings {
    return testSettings({
      CHATROOM_DATA: this.dataOf(name),
      CHATROOM_NATS_URL: this.nats.url,
      CHATROOM_NATS_REPLICAS: 1,
      ...more,
    })
  }

  async start(name: string, more: Partial<Settings> = {}) {
    const settings = this.settingsOf(name, more)
    const logger = pino({ level: 'warn' }, { write: (line: string) => void this.lines.push(line) })
    const storage = await openCluster(settings, { logger, now: Date.now }, (error) => void this.lost.push(error))
    const app = await buildApp({ settings, storage })
    this.t.teardown(() => app.close())
    return { chat: new Chat(app), storage, app }
  }

  /** Makes a snapshot, as a node does that has the duty. */
  async snapshot({ storage }: Awaited<ReturnType<Nodes['start']>>): Promise<void> {
    const connection = await connected(this.t, this.nats)
    await new Snapshots({
      archive: storage.archive as SqliteArchive,
      log: storage.log as JetStreamLog,
      store: new SnapshotStore<DatedAbout>({ connection, prefix: 'chatroom', replicas: 1 }),
      file: join(this.folder, 'snapshot'),
      logger: silent,
    }).make()
    await connection.close()
  }
}

/** Waits until a node has come to where another is. */
const follows = ({ app }: { app: Chat['app'] }, other: { app: Chat['app'] }): Promise<void> =>
  until(() => app.chat.cursor === other.app.chat.cursor)

const missing = natsMissing()
if (missing !== undefined) sayMissing(t, missing)
else {
  void t.test('what is done at one node is seen at the other, and a node goes on from what it has', async (t) => {
    const nodes = await Nodes.on(t)
    const one = await nodes.start('one')
    const other = await nodes.start('other')
    const token = await one.chat.register('alice', 'a password of hers')
    await follows(other, one)
    await other.chat.register('bob')
    await follows(one, other)
    await one.chat.send('alice', 'bob', 'first', token)
    await other.app.close()
    for (const text of ['second', 'third']) await one.chat.send('alice', 'bob', text, token)
    const again = await nodes.start('other')
    t.same(await again.chat.texts('bob'), ['first', 'second', 'third'])
    t.same(nodes.lost, [])
  })

  void t.test(
    'a node that is new, or was away for long, begins with a snapshot, where the log was pruned',
    async (t) => {
      const nodes = await Nodes.on(t)
      const one = await nodes.start('one')
      await one.chat.register('alice')
      const away = await nodes.start('away')
      await follows(away, one)
      await away.app.close()
      const texts: string[] = []
      for (let round = 0; round < 3; round++) {
        for (let count = 0; count < 20; count++) {
          texts.push(`${round} ${count}`)
          await one.chat.send('alice', 'alice', texts.at(-1) ?? '')
        }
        const archive = one.storage.archive as SqliteArchive
        await until(() => archive.position === stateOf(one.app.chat).position)
        await nodes.snapshot(one)
      }
      await one.chat.send('alice', 'alice', 'after the last')
      texts.push('after the last')
      for (const name of ['away', 'new']) {
        const node = await nodes.start(name)
        t.same(await node.chat.texts('alice'), texts, `the node that was ${name} has all`)
        await node.chat.send('alice', 'alice', `from ${name}`)
        texts.push(`from ${name}`)
      }
      await until(async () => (await one.chat.texts('alice')).length === texts.length)
      t.same(await one.chat.texts('alice'), texts)
    },
  )

  void t.test('a node whose settings differ says so, and changes nothing', async (t) => {
    const nodes = await Nodes.on(t)
    const one = await nodes.start('one', { CHATROOM_USERS: 2 })
    const other = await nodes.start('other', { CHATROOM_USERS: 50 })
    await until(() => nodes.lines.some((line) => line.includes('CHATROOM_USERS is 50 here and 2 there')))
    await one.chat.register('alice')
    await follows(other, one)
    await other.chat.register('bob')
    t.match(await other.chat.post('/register', { username: 'carol' }), { status: 503, body: { code: 'server_full' } })
  })

  void t.test('a folder becomes a cluster, and a node of it a folder again', async (t) => {
    const nodes = await Nodes.on(t)
    const folder = nodes.dataOf('folder')
    const alone = await openChat(await inFolder(folder))
    await alone.register('alice')
    for (const text of ['one', 'two'])
      await alone.send({ sender: 'alice', recipient: 'alice', message: text }, { tokenHash: undefined })
    await alone.close()
    const said: string[] = []
    const found = (settings: Settings) =>
      foundCluster.run({
        file: undefined,
        settings,
        usualFolder: 'data',
        onProgress: () => undefined,
        write: () => undefined,
        say: (line) => void said.push(line),
      })
    await t.rejects(nodes.start('folder'), { message: /holds a chat of its own.*found-cluster/ })
    await found(nodes.settingsOf('folder'))
    t.match(said, [/all up to entry/])
    await t.rejects(found(nodes.settingsOf('folder')), { message: /keep a chat already/ })
    const node = await nodes.start('node')
    t.same(await node.chat.texts('alice'), ['one', 'two'])
    const early = join(nodes.dataOf('node'), '..', 'early.backup')
    t.match(await chatroom(nodes.dataOf('node'), ['backup', early]), { code: 0 }, 'before it has written anything')
    await rm(early)
    t.equal(await node.chat.send('alice', 'alice', 'three'), 3)

    const backup = join(nodes.dataOf('node'), '..', 'chat.backup')
    t.match(await chatroom(nodes.dataOf('node'), ['backup', backup]), { code: 0 }, 'while it runs')
    await node.app.close()
    t.match(await chatroom(nodes.dataOf('node'), ['verify']), { code: 0 })
    t.match(await chatroom(nodes.dataOf('back'), ['restore', backup]), { code: 0 })
    t.ok(existsSync(join(nodes.dataOf('back'), 'log.db')))
    const back = await startChat(t, {}, { storage: await inFolder(nodes.dataOf('back')) })
    t.same(await back.texts('alice'), ['one', 'two', 'three'])
    await rm(backup)
  })

  void t.test('a start says what is wrong', async (t) => {
    const nodes = await Nodes.on(t)
    await t.rejects(nodes.start('one', { CHATROOM_NATS_SYNC: 'required' }), { message: /CHATROOM_NATS_SYNC/ })
    await t.rejects(nodes.start('one', { CHATROOM_NATS_REPLICAS: 3 }), { message: /CHATROOM_NATS_REPLICAS/ })
    await nodes.nats.kill()
    await t.rejects(nodes.start('one'), { message: /CHATROOM_NATS_URL/ })
  })
}
