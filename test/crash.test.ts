import { randomInt } from 'node:crypto'
import t from 'tap'
import { Load, populate, reader } from './support/fault-load.js'
import { rounds } from './support/random.js'
import { readAll, until } from './support/remote.js'
import { runServer, startServer, type Server } from './support/server.js'

/** Each has a start of its own. */
const kills = rounds(15, 50)
/** The longest that a load goes on before the kill, in ms. */
const longest = 400

/** Kills the server at a random moment of a load: the only timer here, for the moment is what is tested. */
async function killUnder(load: Load, server: Server): Promise<void> {
  const sending = load.run(server.url)
  await new Promise((resolve) => setTimeout(resolve, randomInt(longest)))
  await server.stop('SIGKILL')
  await sending
}

void t.test('what was answered outlives kills at random moments, each time', async (t) => {
  const load = new Load()
  let server = await startServer(t)
  await populate(server.url)
  for (let kill = 1; kill <= kills; kill++) {
    await killUnder(load, server)
    const newest = Math.max(0, ...load.answered.map(({ id = 0 }) => id))
    server = await server.restart()
    // A retry of what was not answered may be the first that the server hears of it, or the second.
    await load.retry(server.url)
    t.equal(load.unanswered.length, 0, 'all retries are answered')
    const before = kill % 10 === 0 ? 0 : Math.max(0, newest - 500)
    t.same(await load.checkAt(server.url, before), [], `after kill ${kill}`)
    for (let repeats = 0; repeats < 5; repeats++) {
      const sending = load.answered[randomInt(load.answered.length)]
      if (sending) t.equal(await load.repeat(server.url, sending), undefined)
    }
  }
  t.same(await load.checkAt(server.url), [], `all ${load.answered.length} are there`)
  t.comment(`${load.answered.length} messages were answered`)
  t.same([...load.refused], [], 'nothing was refused')
})

void t.test('SIGTERM under load answers what has come in, loses nothing, and ends well', async (t) => {
  const load = new Load()
  const server = await startServer(t)
  await populate(server.url)
  const sending = load.run(server.url)
  await until(() => load.answered.length > 100)
  t.equal(await server.stop('SIGTERM'), 0, 'before its patience ends')
  await sending
  t.match(
    [...load.refused.keys()].filter((what) => what !== '503 shutting_down'),
    [],
    'no other refusal',
  )
  const { url } = await server.restart()
  t.same(load.check(await readAll(url, reader), 0, false), [], 'what nobody answered was not accepted')
  await load.retry(url)
  t.same(await load.checkAt(url), [])
})

void t.test('a second process on a folder is refused in one line, and the first goes on', async (t) => {
  const load = new Load()
  const server = await startServer(t)
  await populate(server.url)
  await load.sendSome(server.url, 20)
  const { code, output } = await runServer(t, { CHATROOM_LOG_LEVEL: 'silent' }, server.folder)
  t.equal(code, 1)
  t.match(output, /^chatroom cannot start: CHATROOM_DATA is "data", which another process uses\..*\n$/)
  await load.sendSome(server.url, 20)
  t.same(await load.checkAt(server.url), [])
  await server.stop('SIGKILL')
  const { url } = await server.restart()
  t.same(await load.checkAt(url), [], 'a lock goes with its process')
})
