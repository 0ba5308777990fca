import { join } from 'node:path'
import { setTimeout as pauseFor } from 'node:timers/promises'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import t, { type Test } from 'tap'
import { JetStreamLog, type JetStreamLogOptions } from '../src/log/jetstream/jetstream-log.js'
import { LogPruned } from '../src/log/jetstream/log-pruned.js'
import { streamNameOf, subjectOf } from '../src/log/jetstream/log-stream.js'
import type { Entry } from '../src/log/log.js'
import { connectNats, type NatsOptions as ConnectOptions } from '../src/nats/connection.js'
import { findPromise, promiseSentence, requireSync } from '../src/nats/sync.js'
import { freePort } from './support/free-port.js'
import { gate } from './support/gate.js'
import { holdsContract } from './support/log-contract.js'
import { sayMissing } from './support/missing.js'
import { connected, natsMissing, startNats } from './support/nats.js'
import { natsAccounts } from './support/nats-accounts.js'
import { numbered, opened, textPayload, writer } from './support/recorder.js'
import { until } from './support/remote.js'
import { folderOf } from './support/test-folder.js'

const prefixes = new WeakMap<Test, string>()
let tests = 0

/** One prefix a test. */
function prefixOf(t: Test): string {
  const prefix = prefixes.get(t) ?? `test${++tests}`
  prefixes.set(t, prefix)
  return prefix
}

function jetStreamLog(t: Test, connection: NatsConnection, options: Partial<JetStreamLogOptions> = {}): JetStreamLog {
  const onLost = (error: Error) => void t.fail(error.message)
  const log = new JetStreamLog({ connection, prefix: prefixOf(t), replicas: 1, onLost, ...options })
  t.teardown(() => log.close().catch(() => undefined))
  return log
}

const missing = natsMissing()
if (missing !== undefined) sayMissing(t, missing)
else {
  void t.test('on one server', onOneServer)
  void t.test('a stream that has lost its end, and grown again, is not read on', losesItsEnd)
  void t.test('on three servers', onThreeServers)
  void t.test('what is wrong is said', saysWhatIsWrong)
  void t.test('it signs in', signsIn)
  void t.test('what the servers promise is found out', findsPromises)
}

async function onOneServer(t: Test): Promise<void> {
  const nats = await startNats(t, { maxPayload: 2 ** 23 })
  const connection = await connected(t, nats)
  holdsContract(t, {
    keeps: true,
    shared: true,
    make: (t) => jetStreamLog(t, connection),
    makeStalling: (t) => ({
      log: jetStreamLog(t, connection, { answerWithinMs: 500 }),
      stall: () => nats.stop(),
      goOn: () => nats.goOn(),
    }),
  })

  void t.test('a group that is stored again is not applied, whoever reads it and wherever it begins', async (t) => {
    const first = await opened(jetStreamLog(t, connection, { duplicateWindowMs: 100 }))
    await Promise.all(['a', 'b'].map(first.append))
    await first.append('c')
    const manager = await jetstreamManager(connection)
    const stream = streamNameOf(prefixOf(t))
    const stored = await manager.streams.getMessage(stream, { seq: 1 })
    const msgID = stored?.header.get('Nats-Msg-Id') ?? ''
    await until(async () => {
      const { duplicate } = await jetstream(connection).publish(subjectOf(prefixOf(t)), stored?.data, { msgID })
      return !duplicate
    })
    t.equal(await first.append('d'), '4 d')
    t.ok((await manager.streams.info(stream)).state.last_seq > 3, 'it is stored twice')

    const second = await opened(jetStreamLog(t, connection))
    t.same(second.recorder.facts(), first.recorder.facts())
    for (const [index, { position, cursor }] of first.recorder.entries.entries()) {
      const later = await opened(jetStreamLog(t, connection), { after: { position, cursor } })
      t.same(later.recorder.facts(), first.recorder.facts().slice(index + 1), `after ${cursor}`)
      const counted = await opened(jetStreamLog(t, connection), { after: { position } })
      t.same(counted.recorder.facts(), later.recorder.facts(), 'or after a position alone')
    }
  })

  void t.test('what was pruned is refused to who still needs it, and to nobody else', async (t) => {
    const { log, recorder, append } = await opened(jetStreamLog(t, connection))
    for (const text of numbered(4)) await append(text)
    const [first, second, third] = recorder.entries
    await log.prune(third?.cursor ?? '')
    t.equal(await append('on'), '5 on')
    for (const after of [undefined, first, second])
      await t.rejects(
        jetStreamLog(t, connection).open(recorder.apply, { writer, ...(after && { after: placeOf(after) }) }),
        { name: 'DataError', message: /begins at message 4, but message .* A snapshot .* is needed/ },
      )
    const later = await opened(jetStreamLog(t, connection), third && { after: placeOf(third) })
    t.same(later.recorder.texts(), ['3', 'on'])
  })

  void t.test('who reads slowly is told when what comes next is pruned', async (t) => {
    const one = await opened(jetStreamLog(t, connection))
    const held = gate()
    const lost: Error[] = []
    const slow = jetStreamLog(t, connection, { onLost: (error) => lost.push(error) })
    await slow.open(() => undefined, { writer, pause: held.pause })
    for (const text of numbered(100)) await one.append(text)
    await one.log.prune(one.recorder.entries.at(-2)?.cursor ?? '')
    held.letThrough()
    await until(() => lost.length > 0)
    t.type(lost[0], LogPruned)
    t.equal(slow.available, false)
    await t.rejects(slow.append(textPayload('late')), { name: 'LogUnavailable' })
  })

  void t.test('how much is behind is known, and comes to nothing', async (t) => {
    const one = await opened(jetStreamLog(t, connection))
    const held = gate()
    const slow = await opened(jetStreamLog(t, connection), { pause: held.pause })
    for (const text of numbered(100)) await one.append(text)
    await until(() => slow.log.behind === 99)
    t.equal(slow.recorder.entries.length, 1)
    held.letThrough()
    await until(() => slow.log.behind === 0)
    t.equal(slow.recorder.entries.length, 100)
  })

  void t.test('nodes that begin at once have one stream', async (t) => {
    const nodes = await Promise.all(Array.from({ length: 4 }, () => opened(jetStreamLog(t, connection))))
    t.equal(new Set(nodes.map(({ log }) => log.epoch)).size, 1)
    t.match(nodes[0]?.log.epoch, /^[0-9a-f-]{36}$/)
    await Promise.all(nodes.map(({ append }, index) => append(String(index))))
    await until(() => nodes.every(({ recorder }) => recorder.entries.length === nodes.length))
    const [facts, ...others] = nodes.map(({ recorder }) => recorder.facts())
    for (const other of others) t.same(other, facts)
  })

  void t.test('a server that dies and comes back is read on', async (t) => {
    const changes: boolean[] = []
    const onAvailable = (available: boolean) => void changes.push(available)
    const log = jetStreamLog(t, connection, { answerWithinMs: 1500, onAvailable })
    const { recorder, append } = await opened(log)
    await append('before')
    await nats.kill()
    await until(() => !log.available)
    t.pass('that nobody answers is noticed, though nobody asks')
    await t.rejects(append('meanwhile'), { name: 'LogUnavailable' })
    nats.restart()
    await until(() => log.available)
    t.equal(await append('after'), '2 after')
    t.same(recorder.texts(), ['before', 'after'])
    t.same(changes, [false, true])
  })
}

async function losesItsEnd(t: Test): Promise<void> {
  const nats = await startNats(t)
  const connection = await connected(t, nats)
  const lost: Error[] = []
  const { log, recorder, append } = await opened(jetStreamLog(t, connection, { onLost: (error) => lost.push(error) }))
  await append('a')
  await nats.kill()
  const goBack = nats.remember()
  nats.restart()
  for (const text of ['b', 'c']) await append(text)
  await nats.kill()
  goBack()
  nats.restart()
  const other = await opened(jetStreamLog(t, connection))
  for (const text of ['x', 'y', 'z']) await other.append(text)
  await until(() => lost.length > 0)
  t.match(lost[0], { name: 'DataError', message: /lost its end/ })
  t.same(recorder.texts(), ['a', 'b', 'c'], 'nothing is applied after it')
  t.equal(log.available, false)
  const last = recorder.entries.at(-1)
  await t.rejects(
    jetStreamLog(t, connection).open(() => undefined, { writer, ...(last && { after: placeOf(last) }) }),
    { name: 'DataError', message: /lost its end/ },
  )
}

async function onThreeServers(t: Test): Promise<void> {
  const nats = await startNats(t, { servers: 3 })
  const connections = [await connected(t, nats), await connected(t, nats)] as const
  const leaderOf = async (t: Test): Promise<number> => {
    const manager = await jetstreamManager(connections[0], { checkAPI: false })
    return nats.leaderOf(manager, streamNameOf(prefixOf(t)))
  }
  const openNodes = (t: Test, options: Partial<JetStreamLogOptions> = {}) =>
    Promise.all(connections.map((connection) => opened(jetStreamLog(t, connection, { replicas: 3, ...options }))))

  void t.test('its leader is killed under load, and nothing is lost, doubled or out of order', async (t) => {
    const nodes = await openNodes(t)
    const load = new Load(nodes)
    await until(() => load.answered > 500)
    const leader = await leaderOf(t)
    await nats.kill(leader)
    const before = load.answered
    await until(() => load.answered > before + 500)
    nats.restart(leader)
    await load.end()
    t.equal(load.unknown, 0, 'it takes less than answers may take')
    await checkAlike(t, nodes, load)
    await nats.ready()
  })

  void t.test('its leader is stopped for a while under load, and likewise', async (t) => {
    const nodes = await openNodes(t)
    const load = new Load(nodes)
    await until(() => load.answered > 500)
    const leader = await leaderOf(t)
    nats.stop(leader)
    const before = load.answered
    await until(() => load.answered > before + 500)
    nats.goOn(leader)
    await load.end()
    await checkAlike(t, nodes, load)
    await nats.ready()
  })

  void t.test('two are killed, and it goes on once one is back', async (t) => {
    const nodes = await openNodes(t, { answerWithinMs: 2000 })
    const load = new Load(nodes)
    await until(() => load.answered > 500)
    const leader = await leaderOf(t)
    const other = (leader + 1) % 3
    await Promise.all([nats.kill(leader), nats.kill(other)])
    await until(() => nodes.every(({ log }) => !log.available))
    t.pass('that there is no majority is noticed')
    nats.restart(other)
    await until(() => nodes.every(({ log }) => log.available))
    const before = load.answered
    await until(() => load.answered > before + 500)
    await load.end()
    await checkAlike(t, nodes, load)
    nats.restart(leader)
    await nats.ready()
  })
}

/** Two nodes that append at once, many at a time, each text once. */
class Load {
  answered = 0
  unknown = 0
  readonly said: string[] = []
  readonly texts: string[] = []
  private count = 0
  private ending = false
  private readonly running: Promise<unknown>

  constructor(nodes: readonly Awaited<ReturnType<typeof opened>>[]) {
    this.running = Promise.all(nodes.flatMap(({ append }) => numbered(8).map(() => this.run(append))))
  }

  async end(): Promise<void> {
    this.ending = true
    await this.running
  }

  private async run(append: (text: string) => Promise<unknown>): Promise<void> {
    while (!this.ending) {
      const text = String(this.count++)
      try {
        this.said.push(String(await append(text)))
        this.texts.push(text)
        this.answered++
      } catch (error) {
        if ((error as Error).name === 'OutcomeUnknown') this.unknown++
        await pauseFor(10)
      }
    }
  }
}

/** Whether all nodes have read the same, each text once, and at the places that were answered. */
async function checkAlike(t: Test, nodes: readonly Awaited<ReturnType<typeof opened>>[], load: Load): Promise<void> {
  const [one, ...others] = nodes
  // What comes last comes after all else.
  const last = await one?.append('last')
  await until(() => nodes.every(({ recorder }) => recorder.texts().at(-1) === 'last'))
  const facts = one?.recorder.facts() ?? []
  for (const { recorder } of others) t.same(recorder.facts(), facts)
  const said = facts.map(({ position, text }) => `${position} ${text}`)
  t.equal(new Set(facts.map(({ text }) => text)).size, facts.length, 'no text is there twice')
  t.same(
    facts.map(({ position }) => position),
    facts.map((_fact, index) => index + 1),
  )
  const known = new Set(said)
  t.same(
    load.said.filter((answer) => !known.has(answer)),
    [],
    'what was answered is there, where it was said to be',
  )
  t.equal(last, said.at(-1))
  t.ok(facts.length - 1 - load.said.length <= load.unknown, 'what was refused is not there')
}

const placeOf = ({ position, cursor }: Entry) => ({ position, cursor })

async function saysWhatIsWrong(t: Test): Promise<void> {
  const authorization = 'authorization { user: "chat room", password: "s3cret/?" }'
  const nats = await startNats(t, { tls: true, maxPayload: 4096, more: authorization })
  const signedIn = nats.url.replace('://', `://${encodeURIComponent('chat room')}:${encodeURIComponent('s3cret/?')}@`)
  const connect = async (options: ConnectOptions): Promise<NatsConnection> => {
    const connection = await connectNats(options)
    t.teardown(() => connection.close())
    return connection
  }
  const connection = await connect({ url: signedIn, ca: nats.ca })

  await t.test('a connection that cannot be', async (t) => {
    const wrong = (options: ConnectOptions, message: RegExp) =>
      t.rejects(connectNats(options), { name: 'SettingError', message })
    await wrong({ url: nats.url, ca: nats.ca }, /refuse to let .* CHATROOM_NATS_CREDENTIALS/)
    await wrong({ url: signedIn }, /cannot be trusted: .* CHATROOM_NATS_CA/)
    await wrong(
      { url: signedIn.replace('localhost', '127.0.0.1').replace(':s3', ':z'), ca: nats.ca },
      /^((?!s3cret).)*$/,
    )
    await wrong(
      { url: `nats://user:s3cret@localhost:${await freePort()}` },
      /No NATS server .*localhost(?!.*s3cret).*CHATROOM_NATS_URL/,
    )
    await wrong({ url: signedIn, ca: '/nowhere.pem' }, /CHATROOM_NATS_CA: .*nowhere/)
    await wrong({ url: signedIn, credentials: '/nowhere.creds' }, /CHATROOM_NATS_CREDENTIALS: .*nowhere/)
    await wrong({ url: 'a.example' }, /CHATROOM_NATS_URL must be/)
  })

  await t.test('a stream that cannot be', async (t) => {
    const open = (options: Partial<JetStreamLogOptions>) =>
      jetStreamLog(t, connection, options).open(() => undefined, { writer })
    await t.rejects(open({ replicas: 3 }), { name: 'SettingError', message: /CHATROOM_NATS_REPLICAS is 3/ })
    const manager = await jetstreamManager(connection)
    const stream = { name: streamNameOf(prefixOf(t)), subjects: [subjectOf(prefixOf(t))], max_msgs: 5 }
    await manager.streams.add(stream)
    await t.rejects(open({}), {
      name: 'DataError',
      message: /max_msgs is 5 and must be -1; .*discard .*metadata.*nats stream edit/,
    })
  })

  await t.test('an entry that is too large; the others travel in groups that are not', async (t) => {
    const { log, recorder, append } = await opened(jetStreamLog(t, connection))
    const texts = numbered(200).map((text) => text.padEnd(300, '.'))
    await Promise.all(texts.map(append))
    t.same(recorder.texts(), texts)
    await t.rejects(append('x'.repeat(4096)), { name: 'LogUnavailable', message: /max_payload/ })
    t.equal(await log.append(textPayload('on')), '201 on')
  })

  await t.test('a place that is none', async (t) => {
    const after = { position: 1, cursor: 'elsewhere' }
    await t.rejects(
      jetStreamLog(t, connection).open(() => undefined, { writer, after }),
      { name: 'DataError' },
    )
  })

  await t.test('what is in the stream and is no group', async (t) => {
    const { log } = await opened(jetStreamLog(t, connection))
    await log.close()
    await jetstream(connection).publish(subjectOf(prefixOf(t)), 'hello')
    await t.rejects(opened(jetStreamLog(t, connection)), { name: 'DataError', message: /no group/ })
  })
}

async function signsIn(t: Test): Promise<void> {
  await t.test('by a file with credentials', async (t) => {
    const { configuration, credentials } = natsAccounts()
    const file = join(folderOf(t, { 'user.creds': credentials }), 'user.creds')
    const nats = await startNats(t, { more: configuration })
    const connection = await connected(t, { url: nats.url, credentials: file })
    const { append } = await opened(jetStreamLog(t, connection))
    t.equal(await append('hello'), '1 hello')
  })

  await t.test('by a token', async (t) => {
    const nats = await startNats(t, { more: 'authorization { token: "t0ken" }' })
    const { append } = await opened(jetStreamLog(t, await connected(t, { url: nats.url.replace('://', '://t0ken@') })))
    t.equal(await append('hello'), '1 hello')
  })
}

async function findsPromises(t: Test): Promise<void> {
  for (const syncAlways of [true, false])
    await t.test(syncAlways ? 'always' : 'now and then', async (t) => {
      const nats = await startNats(t, { syncAlways })
      const { log } = await opened(jetStreamLog(t, await connected(t, nats)))
      const promised = await log.findPromise(nats.monitors)
      if (syncAlways) {
        t.equal(promiseSentence(promised), 'What is acknowledged is in 1 replica, synced to its disk before.')
        requireSync(promised)
      } else {
        t.match(promiseSentence(promised), /1 replica, synced every 120 s: the latest may be lost/)
        t.throws(() => requireSync(promised), {
          name: 'SettingError',
          message: /CHATROOM_NATS_SYNC .*sync_interval: always/,
        })
      }
      for (const monitors of [[], [...nats.monitors, `http://127.0.0.1:${await freePort()}`]]) {
        const guessed = await log.findPromise(monitors)
        t.equal(guessed.sync.kind, monitors.length === 0 || syncAlways ? 'unknown' : 'interval')
        t.throws(() => requireSync(guessed), { name: 'SettingError' })
      }
    })

  await t.test('asked as the system account', async (t) => {
    const more = 'accounts { $SYS { users: [{ user: sys, password: sys }] } }'
    const nats = await startNats(t, { syncAlways: true, more })
    const connection = await connected(t, { url: nats.url.replace('://', '://sys:sys@') })
    const question = { connection, monitors: [], replicas: 1, keepers: ['n1'] }
    t.same(await findPromise(question), { replicas: 1, sync: { kind: 'always' } })
  })
}
