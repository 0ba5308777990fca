import { join } from 'node:path'
import { builtFile } from './built.js'
import { flood } from './flood.js'
import { gatherIn } from './gather.js'
import { makeRoom, names } from './populate.js'
import { compare, race, runner, type Results, type Runner, type Slice } from './race.js'
import { exchangeAll } from './load.js'
import { ask, get, messageText, post } from './requests.js'
import { inScope, type Scope } from './scope.js'
import { startChatRoom, startDurable, type Server } from './servers.js'
import { leftOut, type Row } from './table.js'

const text = messageText(1)
const [now, before] = ['this', 'earlier']
/** Of each server. */
const starts = 6
/** For each start. */
const rounds = 6

/** A server of this build or of the other, kept busy with the same. */
type Prepare = (scope: Scope, name: string, entry: string) => Promise<Runner>

const subjects: Readonly<Record<string, Prepare>> = {
  'POST /send, in memory': (scope, name, entry) => sends(scope, name, startChatRoom(scope, {}, entry), 32),
  'POST /send to a room of 10, in memory': async (scope, name, entry) => {
    const server = await startChatRoom(scope, {}, entry)
    const recipient = await makeRoom(scope, server.port, names('guest', 10))
    return runner(scope, name, server, post('/send', { sender: 'guest_0', recipient, message: text }))
  },
  'POST /send, on disk, 32 clients': (scope, name, entry) => sends(scope, name, startDurable(scope, entry), 32),
  'POST /send, on disk, 256 clients': (scope, name, entry) => sends(scope, name, startDurable(scope, entry), 256),
  'an empty poll': (scope, name, entry) => polls(scope, name, entry, 'last_id=1000'),
  'a page of 100': (scope, name, entry) => polls(scope, name, entry, 'last_id=500&limit=100'),
  'deliveries to a room of 100, 64 messages under way': (scope, name, entry) => floods(scope, name, entry, 100, 64),
  'the same, 8 under way': (scope, name, entry) => floods(scope, name, entry, 100, 8),
  'deliveries to a room of 1,000, 64 under way': (scope, name, entry) => floods(scope, name, entry, 1000, 64),
}

/**
 * This build against an earlier one, in turns: `BENCH_EARLIER` is the folder of a checkout in which `npm ci && npm run
 * build` was run. Nothing else tells a change of a tenth from what the machine does.
 */
export async function earlier(): Promise<Row[]> {
  const folder = process.env['BENCH_EARLIER']
  if (folder === undefined) return [leftOut('earlier', 'BENCH_EARLIER names no checkout')]
  const rows: Row[] = []
  for (const [subject, prepare] of Object.entries(subjects)) {
    const row = raceOften(subject, prepare, folder).then((results) => rowOf(subject, results))
    rows.push(await row.catch((error: unknown) => leftOut('earlier', `${subject}: ${String(error)}`)))
  }
  return rows
}

/** Processes of the same build differ by a tenth, and the one that starts first is slower: so each is started often. */
async function raceOften(subject: string, prepare: Prepare, folder: string): Promise<Results> {
  const entries = [
    [now, builtFile('src/server.js')],
    [before, join(folder, 'dist/src/server.js')],
  ] as const
  const all = { [now]: [], [before]: [] } as Record<string, Slice[]>
  for (let start = 1; start <= starts; start++) {
    const inOrder = start % 2 === 0 ? entries.toReversed() : entries
    const results = await inScope(async (scope) => {
      const runners: Runner[] = []
      for (const [name, entry] of inOrder) runners.push(await prepare(scope, name, entry))
      return race(`${subject}, ${start}/${starts}`, runners, rounds)
    })
    for (const [name, slices] of results) all[name]?.push(...slices)
  }
  return new Map(Object.entries(all))
}

const rowOf = (subject: string, results: Results): Row => ({
  part: 'earlier',
  compared: `${subject} : the same by the earlier build`,
  goal: '>= 1',
  ...compare(results, now, before),
})

async function sends(scope: Scope, name: string, starting: Promise<Server>, clients: number): Promise<Runner> {
  const server = await starting
  for (const username of ['alice', 'bob']) await ask(server.port, '/register', { username })
  return runner(scope, name, server, post('/send', { sender: 'alice', recipient: 'bob', message: text }), clients)
}

async function polls(scope: Scope, name: string, entry: string, query: string): Promise<Runner> {
  const server = await startChatRoom(scope, {}, entry)
  for (const username of ['alice', 'bob']) await ask(server.port, '/register', { username })
  const message = post('/send', { sender: 'alice', recipient: 'bob', message: text })
  await exchangeAll(scope, server.port, 1000, () => message)
  return runner(scope, name, server, get(`/messages?username=bob&${query}`))
}

async function floods(scope: Scope, name: string, entry: string, size: number, window: number): Promise<Runner> {
  return flood(name, await gatherIn(scope, [await startChatRoom(scope, {}, entry)], size), window)
}
