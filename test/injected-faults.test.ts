import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { count, drive, missingStrace, type Fault } from './support/inject.js'
import { verify } from './support/inspect.js'
import { sayMissing } from './support/missing.js'
import { rounds } from './support/random.js'
import { folderOf } from './support/test-folder.js'

t.setTimeout(1_200_000)

/** Places at which each kind of fault is put; all of them are wherever there is one. */
const most = rounds(1, Infinity)

type Kind = Omit<Fault, 'when'> & { readonly lasts?: boolean }

const one = { together: 1, end: 'close' } as const
/** So much that SQLite carries the WAL over into the file in between. */
const many = { together: 100, end: 'close' } as const

const kinds: readonly Kind[] = [
  { call: 'pwrite64', effect: 'signal=SIGKILL', ...one },
  { call: 'fsync', effect: 'signal=SIGKILL', ...one },
  { call: 'unlink', effect: 'signal=SIGKILL', ...one },
  { call: 'ftruncate', effect: 'signal=SIGKILL', ...one },
  { call: 'pwrite64', effect: 'error=ENOSPC', ...one },
  { call: 'pwrite64', effect: 'error=EIO', lasts: true, ...one, end: 'kill' },
  { call: 'fsync', effect: 'error=EIO', ...one },
  { call: 'fsync', effect: 'error=EIO', ...one, end: 'kill when refused' },
  { call: 'fsync', effect: 'error=EIO', lasts: true, ...one, end: 'kill when refused' },
  { call: 'pwrite64', effect: 'signal=SIGKILL', ...many },
  { call: 'fsync', effect: 'signal=SIGKILL', ...many },
  { call: 'pwrite64', effect: 'error=ENOSPC', ...many },
  { call: 'fsync', effect: 'error=EIO', ...many, end: 'kill when refused' },
]

/** Numbers from 1 to the last, spread evenly. */
function spread(last: number): number[] {
  const places = Math.min(last, most)
  return Array.from({ length: places }, (_, index) => 1 + Math.floor(((index + Math.random()) * last) / places))
}

if (missingStrace === undefined) {
  const folder = join(folderOf(t), 'data')
  const counts = new Map<string, number>()
  const countOf = async ({ call, together }: Kind): Promise<number> => {
    const key = `${call} ${together}`
    const known = counts.get(key) ?? (await count(folder, call, together))
    counts.set(key, known)
    return known
  }
  for (const { lasts = false, ...kind } of kinds) {
    const title = `${kind.effect} in ${kind.call}${lasts ? ' from then on' : ''}, ${kind.together} at once, ${kind.end}`
    void t.test(`${title}: the folder opens, with what was answered and nothing that was refused`, async (t) => {
      await rm(folder, { recursive: true, force: true })
      for (const place of spread(await countOf(kind))) {
        await rm(folder, { recursive: true, force: true })
        const load = await drive(folder, { ...kind, when: `${place}${lasts ? '+' : ''}` })
        t.same(await verify(folder, load), [], `at call ${place}, ${load.answered.length} are answered`)
      }
    })
  }
} else {
  sayMissing(t, missingStrace)
}
