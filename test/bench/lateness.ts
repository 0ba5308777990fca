import type { Audience } from './audience.js'
import { Flood } from './flood.js'
import { cpuSeconds } from './machine.js'
import { Pace } from './pace.js'
import { short, shown, spreadOf } from './spread.js'
import type { Row } from './table.js'

/** Messages to an audience at a pace. */
export interface Paced {
  readonly name: string
  readonly audience: Audience
  /** Messages a second. */
  readonly rate: number
}

/** How late messages were in one slice, in ms. */
interface Lateness {
  readonly p50: number
  readonly p99: number
}

interface Late {
  readonly name: string
  readonly slices: readonly Lateness[]
  /** µs of the server's CPU time for a message at a listener, in all of the race; not a number if it is not known. */
  readonly cpu: number
}

const rounds = 10
/** In ms. */
const slice = 2000
const warmUp = 1000
/** At the pace alone, the code would not be compiled before the race is over: a server that has run for a day is meant. */
const floodBefore = { ms: 4000, underWay: 8 }

/** Lets two take turns, and gives a row each for the middle and for the late ones: how many times as late is the one? */
export async function compareLateness(what: Omit<Row, 'measured' | 'cpu' | 'absolute'>, one: Paced, other: Paced) {
  const [late, base] = await race(what.part, one, other)
  const cpu = short(late.cpu / base.cpu)
  return [row(what, 'p50', late, base, Number.isNaN(late.cpu) ? undefined : cpu), row(what, 'p99', late, base)]
}

async function race(title: string, one: Paced, other: Paced): Promise<[Late, Late]> {
  const [mine, its] = [new Turns(one), new Turns(other)]
  for (const turns of [mine, its]) await turns.warmUp()
  for (let round = 1; round <= rounds; round++) {
    for (const turns of round % 2 === 0 ? [its, mine] : [mine, its]) await turns.take()
    process.stderr.write(`${title} ${round}/${rounds}: ${mine.said}; ${its.said}\n`)
  }
  return [mine.late, its.late]
}

class Turns {
  private readonly pace: Pace
  private readonly flood: Flood
  private readonly slices: Lateness[] = []
  private deliveries = 0
  private cpuBefore: number | undefined

  constructor(private readonly paced: Paced) {
    this.pace = new Pace(paced.audience, paced.rate)
    this.flood = new Flood(paced.audience, floodBefore.underWay)
  }

  async warmUp(): Promise<void> {
    await this.flood.run(floodBefore.ms)
    await this.pace.run(warmUp)
    this.cpuBefore = cpuSeconds(this.paced.audience.server.pid)
  }

  async take(): Promise<void> {
    const delays = await this.pace.run(slice)
    const at = (part: number) => delays[Math.floor(part * (delays.length - 1))] ?? Number.NaN
    this.slices.push({ p50: at(0.5), p99: at(0.99) })
    this.deliveries += delays.length
  }

  get said(): string {
    const { p50, p99 } = this.slices.at(-1) ?? {}
    return `${this.paced.name} p50 ${short(p50 ?? Number.NaN)} ms, p99 ${short(p99 ?? Number.NaN)} ms`
  }

  /** What it does while it is not its turn is counted, too: that is what others who are connected cost. */
  get late(): Late {
    const cpu = (cpuSeconds(this.paced.audience.server.pid) ?? Number.NaN) - (this.cpuBefore ?? Number.NaN)
    return { name: this.paced.name, slices: this.slices, cpu: (cpu * 1e6) / this.deliveries }
  }
}

function row(
  what: Omit<Row, 'measured' | 'absolute'>,
  which: keyof Lateness,
  one: Late,
  other: Late,
  cpu?: string,
): Row {
  const ratios = one.slices.map((slice, round) => slice[which] / (other.slices[round]?.[which] ?? Number.NaN))
  return {
    ...what,
    compared: `${which} of ${what.compared}`,
    measured: shown(spreadOf(ratios)),
    ...(cpu !== undefined && { cpu }),
    absolute: [one, other].map((late) => absolute(late, which, cpu !== undefined)).join('; '),
  }
}

function absolute({ name, slices, cpu }: Late, which: keyof Lateness, known: boolean): string {
  const time = known ? `, ${short(cpu)} µs CPU` : ''
  return `${name} ${short(spreadOf(slices.map((slice) => slice[which])).median)} ms${time}`
}
