import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { both, cuts, flipAnywhere, flipInHeader, missing, replaced, type Damage } from './support/damage.js'
import { inspect } from './support/inspect.js'
import { Load, populate } from './support/fault-load.js'
import { chosenSeed, randomOf, rounds } from './support/random.js'
import { runServer, startServer } from './support/server.js'

t.setTimeout(600_000)

/** Flips of each kind in each file; with more of them, more is found. */
const flips = rounds(1, 20)

const seed = Number(process.env['SEED'] ?? rounds(1, chosenSeed()))
const random = randomOf(seed)
t.comment(`SEED=${seed}`)
const some = (make: (file: string, place: number, bit: number) => Damage, file: string): Damage[] =>
  Array.from({ length: flips }, () => make(file, random(), random()))
const damagesTo = (file: string): Damage[] => [
  missing(file),
  ...cuts(file),
  ...some(flipAnywhere, file),
  ...some(flipInHeader, file),
]

/** What a kill leaves of some hundreds of messages: of each database, the file and what is not in it yet. */
async function leave(): Promise<{ folder: string; load: Load }> {
  const load = new Load()
  const server = await startServer(t)
  await populate(server.url)
  await load.sendSome(server.url, 300)
  await server.stop()
  const next = await server.restart()
  await load.sendSome(next.url, 300)
  await next.stop('SIGKILL')
  return { folder: server.folder, load }
}

const { folder, load } = await leave()
const other = await leave()
const copy = join(folder, 'copy')

/** Gives a damaged copy of what was left. */
async function damagedCopy(damage: Damage): Promise<void> {
  await rm(copy, { recursive: true, force: true })
  await cp(join(folder, 'data'), copy, { recursive: true })
  await damage.befall(copy)
}

/** Whatever befalls the folder, it is survived, or said, at this start and at the next. */
async function areFound(t: Test, damages: readonly Damage[]): Promise<void> {
  let served = 0
  for (const [index, damage] of damages.entries()) {
    await damagedCopy(damage)
    const found = await inspect(copy, load)
    if (found.served) served++
    // Each third is enough to know that a start leaves no other folder.
    const again = found.wrong.length > 0 || index % 3 > 0 ? found : await inspect(copy, load)
    if (again.wrong.length > 0) t.fail(damage.name, { wrong: again.wrong.slice(0, 2), count: again.wrong.length })
    if (again.served !== found.served) t.fail(damage.name, { first: found, again })
  }
  t.pass(`${damages.length} damages, ${served} of them survived`)
}

for (const file of ['log.db', 'log.db-wal', 'archive.db', 'archive.db-wal'])
  void t.test(`damage to ${file} is survived, or said; nothing is missing or changed in silence`, (t) =>
    areFound(t, damagesTo(file)),
  )

void t.test('so is damage to the mark', (t) =>
  areFound(t, [missing('committed'), ...cuts('committed').slice(0, 2), ...some(flipAnywhere, 'committed')]),
)

void t.test('so is damage to the log where there is nothing but the log', (t) =>
  areFound(
    t,
    [...some(flipAnywhere, 'log.db'), ...cuts('log.db-wal'), ...some(flipAnywhere, 'log.db-wal')].map((damage) =>
      both(both(missing('archive.db'), missing('archive.db-wal')), damage),
    ),
  ),
)

const from = (file: string): Damage => replaced(file, join(other.folder, 'data'))
const whole = (file: string): Damage => both(from(file), from(`${file}-wal`))

void t.test('so are files of another folder', async (t) => {
  const databases = ['log.db', 'archive.db']
  await areFound(t, [
    ...databases.flatMap((file) => [from(file), from(`${file}-wal`), whole(file)]),
    both(whole('log.db'), from('committed')),
    both(whole('archive.db'), from('committed')),
  ])
})

void t.test('the process says it in one line, and ends; or it serves everything', async (t) => {
  await damagedCopy(cuts('log.db-wal')[2] as Damage)
  const { code, output } = await runServer(t, { CHATROOM_DATA: copy, CHATROOM_LOG_LEVEL: 'silent' })
  t.equal(code, 1)
  t.match(output, /^chatroom cannot start: \S*\/log\.db is damaged: .* "npx chatroom restore FILE"\.\n$/)
  await damagedCopy(cuts('archive.db-wal')[2] as Damage)
  const { url } = await startServer(t, { CHATROOM_DATA: copy })
  t.same(await load.checkAt(url), [], 'what the archive has lost is in the log')
})
