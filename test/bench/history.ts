import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { builtFile } from './built.js'
import { chatLines, userName } from './chat-lines.js'
import { Load } from './load.js'
import { residentBytes } from './machine.js'
import { ask, get, messageText } from './requests.js'
import { Scope } from './scope.js'
import { startChatRoom } from './servers.js'
import { short, shown, spreadOf, type Spread } from './spread.js'
import type { Row } from './table.js'

const sizes = [100_000, 1_000_000, 10_000_000]
const starts = 5
const rounds = 5
/** In ms. */
const slice = 300
/** Messages that are sent after the archive is filled, so that a start has a log to read. */
const tail = 2000
const mebibyte = 2 ** 20

const pages = ['oldest', 'newest', 'empty'] as const
type Page = (typeof pages)[number]

/** What a chat of some size costs: ms to start after a kill, ms for a page, MiB of memory. */
interface Costs {
  readonly starts: number[]
  readonly pages: Record<Page, number[]>
  memory: number
}

/** A start and pages of chats of growing size, on the disk. */
export async function history(scope: Scope): Promise<Row[]> {
  const costs: Costs[] = []
  for (const size of sizes) costs.push(await costsOf(scope, size))
  return rows(costs)
}

async function costsOf(scope: Scope, size: number): Promise<Costs> {
  const folder = await mkdtemp(join(tmpdir(), 'chatroom-history-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  scope.onEnd(remove)
  const data = join(folder, 'data')
  process.stderr.write(`history: importing ${size.toLocaleString('en')} messages\n`)
  await importChat(data, size)
  const costs: Costs = { starts: [], pages: { oldest: [], newest: [], empty: [] }, memory: 0 }
  for (let round = 0; round <= starts; round++) await startAnew(data, size, round, costs)
  await remove()
  return costs
}

async function importChat(data: string, size: number): Promise<void> {
  const child = spawn(process.execPath, [builtFile('src/cli.js'), 'import', '--quiet'], {
    env: { ...process.env, CHATROOM_DATA: data },
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const exit = once(child, 'exit') as Promise<[number]>
  await pipeline(Readable.from(chatLines(size)), child.stdin)
  const [code] = await exit
  if (code !== 0) throw new Error('the chat cannot be imported')
}

/** Starts a server on what the last one has left, which was killed. The first and the last have more to do. */
async function startAnew(data: string, size: number, round: number, costs: Costs): Promise<void> {
  const server = new Scope()
  try {
    const begin = performance.now()
    const { port, pid } = await startChatRoom(server, { CHATROOM_DATA: data, CHATROOM_MESSAGE_MEMORY: '64' })
    const took = performance.now() - begin
    if (round > 0) costs.starts.push(took)
    process.stderr.write(`history ${size.toLocaleString('en')}: started in ${short(took)} ms\n`)
    if (round === starts) await readPages(server, port, costs)
    costs.memory = Math.max(costs.memory, (residentBytes(pid) ?? 0) / mebibyte)
    if (round === 0) for (let sent = 0; sent < tail; sent++) await send(port, sent)
  } finally {
    // It is killed.
    await server.end()
  }
}

const send = (port: number, number: number): Promise<unknown> =>
  ask(port, '/send', { sender: userName(1), recipient: userName(2), message: messageText(number) })

async function readPages(server: Scope, port: number, costs: Costs): Promise<void> {
  const reader = userName(20)
  // His newest hundred: each of his rooms has one message in a thousand.
  const { last_id: last } = await ask(port, `/messages?username=${reader}&last_id=0&limit=1`)
  const newest = await newestOf(port, reader, Number(last))
  const requests: Record<Page, Buffer> = {
    oldest: get(`/messages?username=${reader}&last_id=0&limit=100`),
    newest: get(`/messages?username=${reader}&last_id=${newest - 9000}&limit=100`),
    empty: get(`/messages?username=${reader}&last_id=${newest}`),
  }
  for (const page of pages) {
    const load = await Load.open(server, port, requests[page], 1)
    await load.run(slice)
    for (let round = 0; round < rounds; round++) {
      const { count, seconds } = await load.run(slice)
      costs.pages[page].push((seconds * 1000) / count)
    }
  }
}

/** The id of the last message of a user: the ids of the server end there. */
async function newestOf(port: number, reader: string, from: number): Promise<number> {
  let [step, last] = [2 ** 24, from]
  for (; step >= 1; step /= 2) {
    const page = await ask(port, `/messages?username=${reader}&last_id=${last + step}&limit=1`)
    if ((page['messages'] as object[]).length > 0) last += step
  }
  return last + 1
}

function rows(costs: readonly Costs[]): Row[] {
  const all = (of: (one: Costs) => readonly number[]): Spread[] => costs.map((one) => spreadOf(of(one)))
  return [
    row(
      'a start after kill -9',
      '< 2,000 ms',
      all(({ starts: times }) => times),
      'ms',
    ),
    row(
      'the oldest page of 100',
      '',
      all(({ pages: { oldest } }) => oldest),
      'ms',
    ),
    row(
      'the newest page of 100',
      '',
      all(({ pages: { newest } }) => newest),
      'ms',
    ),
    row(
      'an empty poll',
      '1',
      all(({ pages: { empty } }) => empty),
      'ms',
    ),
    row(
      'resident memory',
      '< 300 MiB',
      all(({ memory }) => [memory]),
      'MiB',
    ),
  ]
}

function row(compared: string, goal: string, spreads: readonly Spread[], unit: string): Row {
  const least = spreads.at(0)?.median ?? Number.NaN
  const most = spreads.at(-1) ?? spreadOf([])
  return {
    part: 'history',
    compared: `${compared}, 10^7 messages : 10^5`,
    goal,
    measured: shown({ median: most.median / least, least: most.least / least, most: most.most / least }),
    absolute: `${spreads.map(({ median }) => short(median)).join(', ')} ${unit} at 10^5, 10^6, 10^7`,
  }
}
