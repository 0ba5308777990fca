import { jetstream as clientOf, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { JetStreamLog } from '../../src/log/jetstream/jetstream-log.js'
import type { Payload } from '../../src/log/log.js'
import { connectNats } from '../../src/nats/connection.js'
import { natsMissing } from '../support/nats.js'
import { startNats } from './nats.js'
import type { Scope } from './scope.js'
import { short, shown, spreadOf } from './spread.js'
import { leftOut, type Row } from './table.js'

const rounds = 10
/** In ms. */
const slice = 500
/** Commands under way at a time where as many as possible are to go through. */
const underWay = 4000
/** What a command comes to, about. */
const bytes = Buffer.alloc(200, 'x')
const subject = 'bare'

/** The log on NATS alone, without anything of chat: how much goes through, and what one entry takes beside a bare publish. */
export async function jetstream(scope: Scope): Promise<Row[]> {
  const missing = natsMissing()
  if (missing !== undefined) return [leftOut('jetstream', missing)]
  const rows: Row[] = []
  for (const syncAlways of [false, true]) rows.push(...(await onServer(scope, syncAlways)))
  return rows
}

async function onServer(scope: Scope, syncAlways: boolean): Promise<Row[]> {
  const nats = await startNats(scope, { syncAlways })
  const connection = await connectNats({ url: nats.url })
  scope.onEnd(() => connection.close())
  const append = await appender(scope, connection)
  const publish = await barePublisher(connection)
  const sync = syncAlways ? 'synced always' : 'synced now and then'

  const rates: number[] = []
  const waits: { bare: number; entry: number }[] = []
  for (let round = 1; round <= rounds; round++) {
    const rate = await throughput(append)
    const wait = { bare: await latency(publish), entry: await latency(append) }
    rates.push(rate)
    waits.push(wait)
    process.stderr.write(
      `jetstream, ${sync} ${round}/${rounds}: ${short(rate)}/s, entry ${short(wait.entry * 1000)} µs, bare ${short(wait.bare * 1000)} µs\n`,
    )
  }
  const median = (of: (wait: (typeof waits)[number]) => number) => short(spreadOf(waits.map(of)).median * 1000)
  return [
    {
      part: 'jetstream',
      compared: `commands a second through the log alone, ${sync}, ${underWay} under way`,
      goal: '>= 50,000',
      measured: shown(spreadOf(rates)),
      absolute: '',
    },
    {
      part: 'jetstream',
      compared: `latency of a lone entry : that of a bare publish, ${sync}`,
      goal: '<= 1.5',
      measured: shown(spreadOf(waits.map(({ entry, bare }) => entry / bare))),
      absolute: `${median(({ entry }) => entry)} µs; bare ${median(({ bare }) => bare)} µs`,
    },
  ]
}

async function appender(scope: Scope, connection: NatsConnection): Promise<() => Promise<unknown>> {
  const log = new JetStreamLog({
    connection,
    prefix: 'bench',
    replicas: 1,
    onLost: (error) => {
      throw error
    },
  })
  scope.onEnd(() => log.close())
  await log.open(({ position }) => position, { writer: { vocabulary: 1, program: 'bench' } })
  const payload: Payload = { bytes }
  return () => log.append(payload)
}

async function barePublisher(connection: NatsConnection): Promise<() => Promise<unknown>> {
  const manager = await jetstreamManager(connection)
  await manager.streams.add({ name: 'bare', subjects: [subject] })
  const client = clientOf(connection)
  return () => client.publish(subject, bytes)
}

/** Acts again and again for a slice, many at a time, and gives how often in a second. */
async function throughput(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  let count = 0
  const one = async (): Promise<void> => {
    for (; performance.now() - start < slice; count++) await act()
  }
  await Promise.all(Array.from({ length: underWay }, one))
  return (count * 1000) / (performance.now() - start)
}

/** Acts once after the other for a slice, and gives how long one takes, in ms. */
async function latency(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  let count = 0
  for (; performance.now() - start < slice; count++) await act()
  return (performance.now() - start) / count
}
