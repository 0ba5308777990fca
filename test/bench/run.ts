import { connections } from './connections.js'
import { cluster } from './cluster.js'
import { compress } from './compress.js'
import { durable } from './durable.js'
import { fanout } from './fanout.js'
import { frameSends } from './frame-sends.js'
import { heap } from './heap.js'
import { history } from './history.js'
import { input } from './input.js'
import { jetstream } from './jetstream.js'
import { latency } from './latency.js'
import { prepareMachine } from './machine.js'
import { page } from './page.js'
import { parked } from './parked.js'
import { earlier } from './earlier.js'
import { emptyPoll } from './poll.js'
import { processes } from './processes.js'
import { resume } from './resume.js'
import { inScope, type Scope } from './scope.js'
import { send } from './send.js'
import { table, type Row } from './table.js'

/**
 * `npm run bench`, or `npm run bench -- send poll` for some parts. Prints one table of ratios, each from runs that took
 * turns: single figures of a shared machine say little. Nothing here fails because something is slow.
 */
const parts: Readonly<Record<string, (scope: Scope) => Promise<Row[]>>> = {
  send,
  poll: emptyPoll,
  page,
  heap,
  parked,
  durable,
  jetstream,
  cluster,
  history,
  fanout,
  processes,
  latency,
  frames: frameSends,
  connections,
  resume,
  compress,
  input,
  earlier,
}

async function runPart(name: string): Promise<Row[]> {
  try {
    return await inScope(async (scope) => (await parts[name]?.(scope)) ?? [])
  } catch (error) {
    return [{ part: name, compared: `failed: ${String(error)}`, goal: '', measured: '', absolute: '' }]
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit())

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in parts))
if (unknown.length > 0)
  process.stderr.write(`There is no ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.\n`)

const notes = prepareMachine()
const rows: Row[] = []
for (const name of asked.length > 0 ? asked : Object.keys(parts)) rows.push(...(await runPart(name)))
process.stdout.write(`${table(rows)}${notes.map((note) => `\n${note}\n`).join('')}`)
