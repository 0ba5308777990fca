import t, { type Test } from 'tap'
import type { NatsConnection } from '@nats-io/transport-node'
import { JetStreamLog, type JetStreamLogOptions } from '../src/log/jetstream/jetstream-log.js'
import { connectNats } from '../src/nats/connection.js'
import { holdsContract } from './support/log-contract.js'
import { sayMissing } from './support/missing.js'
import { Nats, natsMissing, type NatsOptions } from './support/nats.js'

const prefixes = new WeakMap<Test, string>()
let tests = 0

/** One prefix a test. */
function prefixOf(t: Test): string {
  const prefix = prefixes.get(t) ?? `test${++tests}`
  prefixes.set(t, prefix)
  return prefix
}

const startNats = (t: Test, options: NatsOptions = {}): Promise<Nats> =>
  Nats.start({ folder: t.testdir(), onEnd: (ending) => t.teardown(ending) }, options)

async function connected(t: Test, { url }: { readonly url: string }): Promise<NatsConnection> {
  const connection = await connectNats({ url })
  t.teardown(() => connection.close())
  return connection
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
  void t.test('on one server', async (t) => {
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
  })
}
