import { Load, type Answers } from './load.js'
import { childrenOf, cpuSeconds } from './machine.js'
import type { Scope } from './scope.js'
import type { Server } from './servers.js'
import { short, shown, spreadOf } from './spread.js'
import type { Row } from './table.js'

export interface Runner {
  readonly name: string
  /** What it is kept busy with, for so many ms. */
  readonly load: { run(ms: number): Promise<Answers> }
  /** Of the servers, with those that they have started, for the CPU time. */
  readonly pids: readonly number[]
}

/** One slice of one runner. */
export interface Slice {
  /** Requests, or whatever the load counts, a second. */
  readonly rate: number
  /** The same for a second of the server's CPU time: what the machine's other guests do hardly moves it. */
  readonly cpuRate: number | undefined
}

/** The slices of each runner, by name, in the order of the rounds. */
export type Results = ReadonlyMap<string, readonly Slice[]>

const usualRounds = 20
/** In ms. */
const slice = 300
const warmUp = 1000

export async function runner(
  scope: Scope,
  name: string,
  { port, pid }: Server,
  request: Buffer,
  connections?: number,
): Promise<Runner> {
  return { name, pids: [pid], load: await Load.open(scope, port, request, connections) }
}

/**
 * Lets runners take turns in short slices: what disturbs the machine for longer than a round disturbs all of them, so the
 * ratio of a round holds where its absolute figures do not. Every other round goes backwards, against drift.
 */
export async function race(part: string, runners: readonly Runner[], rounds = usualRounds): Promise<Results> {
  const results = new Map<string, Slice[]>(runners.map(({ name }) => [name, []]))
  for (const { load } of runners) await load.run(warmUp)
  for (let round = 1; round <= rounds; round++) {
    for (const one of round % 2 === 0 ? runners.toReversed() : runners) results.get(one.name)?.push(await run(one))
    const rates = runners.map(({ name }) => `${name} ${short(results.get(name)?.at(-1)?.rate ?? 0)}/s`)
    process.stderr.write(`${part} ${round}/${rounds}: ${rates.join(', ')}\n`)
  }
  return results
}

async function run({ load, pids }: Runner): Promise<Slice> {
  const before = cpuOfAll(pids)
  const { count, seconds } = await load.run(slice)
  const used = cpuOfAll(pids) - before
  return { rate: count / seconds, cpuRate: used > 0 ? count / used : undefined }
}

const cpuOfAll = (pids: readonly number[]): number =>
  pids.flatMap((pid) => [pid, ...childrenOf(pid)]).reduce((sum, one) => sum + (cpuSeconds(one) ?? 0), 0)

type Compared = Pick<Row, 'measured' | 'cpu' | 'absolute'>

/** How many times as fast the one is as the other, round by round. */
export function compare(results: Results, one: string, other: string): Compared {
  const pairs = (results.get(one) ?? []).map((mine, round) => [mine, results.get(other)?.[round] ?? mine] as const)
  const byCpu = pairs.flatMap(([a, b]) => (a.cpuRate && b.cpuRate ? [a.cpuRate / b.cpuRate] : []))
  return {
    measured: shown(spreadOf(pairs.map(([a, b]) => a.rate / b.rate))),
    cpu: shown(spreadOf(byCpu)),
    absolute: `${absolute(results, one)}; ${absolute(results, other)}`,
  }
}

function absolute(results: Results, name: string): string {
  const slices = results.get(name) ?? []
  const cpu = slices.flatMap(({ cpuRate }) => (cpuRate ? [1e6 / cpuRate] : []))
  const time = cpu.length > 0 ? `, ${short(spreadOf(cpu).median)} µs CPU` : ''
  return `${name} ${short(spreadOf(slices.map(({ rate }) => rate)).median)}/s${time}`
}
