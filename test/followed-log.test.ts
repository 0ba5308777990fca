import { randomUUID } from 'node:crypto'
import { createServer, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Link } from '../src/base/link.js'
import { Uplink } from '../src/base/uplink.js'
import { FollowerLog, type FollowerLogOptions } from '../src/log/followed/follower-log.js'
import { OwnerLog } from '../src/log/followed/owner-log.js'
import type { Log, Opening } from '../src/log/log.js'
import { SqliteLog } from '../src/log/sqlite-log.js'
import { openDatabase } from '../src/storage/database.js'
import { holdsContract } from './support/log-contract.js'
import { numbered, opened, Recorder, textPayload, writer } from './support/recorder.js'
import { until } from './support/remote.js'
import { folderOf } from './support/test-folder.js'

const channel = 1

/** An owner of a log, and where it is found. */
class Owner {
  readonly path = join(tmpdir(), `${randomUUID()}.sock`)
  readonly recorder = new Recorder()
  private sockets = new Set<Socket>()
  private log: OwnerLog | undefined
  private readonly server = createServer((socket) => {
    this.sockets.add(socket)
    this.log?.addFollower(new Link(socket))
  })

  constructor(private readonly folder: string) {}

  get owned(): OwnerLog {
    if (!this.log) throw new Error('it is not there')
    return this.log
  }

  async start(answerWithinMs = 15_000, opening: Partial<Opening> = {}): Promise<void> {
    const log = new OwnerLog(
      new SqliteLog({
        file: join(this.folder, 'log.db'),
        mark: join(this.folder, 'committed'),
        window: { entries: 0, age: 0 },
        answerWithinMs,
        onAvailable: (available) => log.tellAvailable(available),
      }),
      channel,
    )
    await log.open(this.recorder.apply, { writer, ...opening })
    this.log = log
    await new Promise<void>((resolve) => this.server.listen(this.path, resolve))
  }

  /** Ends it, as if it had been killed: nobody is told. */
  async kill(): Promise<void> {
    this.cut()
    this.server.close()
    await this.log?.close()
  }

  /** Cuts all off who follow. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy()
    this.sockets.clear()
  }
}

const owners = new WeakMap<Test, Owner>()

/** One owner a test. */
function ownerOf(t: Test, answerWithinMs?: number): { owner: Owner; started: Promise<void> } {
  const known = owners.get(t)
  if (known) return { owner: known, started: Promise.resolve() }
  const owner = new Owner(folderOf(t))
  owners.set(t, owner)
  const started = owner.start(answerWithinMs)
  t.teardown(async () => {
    await started
    await owner.kill().catch(() => undefined)
  })
  return { owner, started }
}

function followerLog({ path }: Owner, options: Partial<FollowerLogOptions> = {}): FollowerLog {
  const uplink = new Uplink(path)
  const log = new FollowerLog(uplink, { name: 'the log of the owner', channel, ...options })
  uplink.open()
  return log
}

function follower(t: Test, answerWithinMs?: number): FollowerLog {
  const log = followerLog(ownerOf(t, answerWithinMs).owner, {
    // Longer than the owner waits.
    answerWithinMs: 10 * (answerWithinMs ?? 1500),
  })
  t.teardown(() => log.close().catch(() => undefined))
  return log
}

void t.test('those who follow a log', async (t) => {
  holdsContract(t, {
    keeps: true,
    shared: true,
    writesItself: false,
    make: (t) => follower(t),
    makeStalling: (t) => {
      const log = follower(t, 500)
      const lock = async () => {
        const other = openDatabase(join(folderOf(t), 'log.db'), {})
        other.exec('BEGIN IMMEDIATE')
        return other
      }
      let locked: ReturnType<typeof lock> | undefined
      return {
        log,
        stall: () => (locked = lock()),
        goOn: () => void locked?.then((other) => other.exec('ROLLBACK')),
      }
    },
  })
})

void t.test('the owner and one who follows', async (t) => {
  const owner = new Owner(folderOf(t))
  await owner.start()
  t.teardown(() => owner.kill().catch(() => undefined))

  await t.test('have the same entries, and whoever is answered finds them at the other', async (t) => {
    const { log, recorder, append } = await opened(followerLog(owner))
    for (const text of numbered(50)) {
      await append(`follower ${text}`)
      t.equal(owner.recorder.texts().at(-1), `follower ${text}`)
      await owner.owned.append(textPayload(`owner ${text}`))
      t.equal(recorder.texts().at(-1), `owner ${text}`)
    }
    t.same(recorder.facts(), owner.recorder.facts())
    await log.close()
  })

  await t.test('one that does not keep pace is not waited for, and comes after', async (t) => {
    let letThrough!: () => void
    const held = new Promise<void>((resolve) => (letThrough = resolve))
    let isHeld = false
    const slow = await opened(followerLog(owner), { pause: () => (isHeld ? held : Promise.resolve()) })
    isHeld = true
    await owner.owned.append(textPayload('held'))
    const begin = performance.now()
    for (const text of numbered(100)) await owner.owned.append(textPayload(text))
    t.ok(performance.now() - begin < 5000, 'once, and not each time')
    letThrough()
    await until(() => slow.recorder.entries.length === owner.recorder.entries.length)
    t.same(slow.recorder.facts(), owner.recorder.facts())
    await slow.log.close()
  })

  await t.test('what is under way when the link is cut is there once, in order', async (t) => {
    const { log, recorder, append } = await opened(followerLog(owner), {
      after: { position: owner.recorder.entries.length },
    })
    const texts = numbered(3000).map((text) => `cut ${text}`)
    const asked: Promise<unknown>[] = []
    for (const [index, text] of texts.entries()) {
      asked.push(append(text))
      if (index % 500 === 499) {
        await Promise.race([asked.at(-400), new Promise((resolve) => setImmediate(resolve))])
        owner.cut()
        await until(() => log.available)
      }
    }
    await Promise.all(asked)
    t.same(recorder.texts(), texts)
    await log.close()
  })
})

void t.test('a new owner goes on where the last one was, for those who follow', async (t) => {
  const folder = folderOf(t)
  const owner = new Owner(folder)
  await owner.start()
  const told: boolean[] = []
  const { log, recorder, append } = await opened(
    followerLog(owner, { onAvailable: (available) => told.push(available) }),
  )
  await append('before')
  const asked = numbered(500).map((text) => append(text))
  await asked[10]
  await owner.kill()
  await until(() => !log.available)
  await t.rejects(append('nobody is there'), { name: 'LogUnavailable' })
  const next = new Owner(folder)
  Object.assign(next, { path: owner.path })
  await next.start()
  t.teardown(() => next.kill())
  await Promise.all(asked)
  t.same(recorder.texts(), ['before', ...numbered(500)])
  t.same(recorder.facts(), next.recorder.facts())
  await until(() => log.available)
  t.same(told, [true, false, true])
  await log.close()
})

void t.test('who wants what the owner has no more is told so', async (t) => {
  const owner = new Owner(folderOf(t))
  await owner.start()
  t.teardown(() => owner.kill())
  for (const text of numbered(5)) await owner.owned.append(textPayload(text))
  owner.owned.forget(5)
  owner.owned.release(5)
  await until(async () => (await owner.owned['log'].extent()).first > 5)
  const late: Log = followerLog(owner)
  await t.rejects(late.open(new Recorder().apply, { writer }), { name: 'DataError', message: /no more/ })
})

void t.test('what is no message of ours ends the link', async (t) => {
  const owner = new Owner(folderOf(t))
  await owner.start()
  t.teardown(() => owner.kill())
  const socket = connect(owner.path)
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('data', resolve))
  socket.write(Buffer.alloc(64, 0xff))
  await new Promise((resolve) => socket.once('close', resolve))
  t.pass('and nothing is kept of it')
})
