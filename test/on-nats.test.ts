import t from 'tap'
import { sayMissing } from './support/missing.js'
import { natsMissing, startNats } from './support/nats.js'
import { rounds } from './support/random.js'
import { kept, runAgain } from './support/run-again.js'

/** What a server with a log of its own promises, a node on NATS does, too: the suites of the one run again. */

const suites = ['messages', 'live', ...(rounds(0, 1) === 1 ? ['live-order', 'crash'] : [])]

const missing = natsMissing()
if (missing !== undefined) sayMissing(t, missing)
else {
  const nats = await startNats(t, { syncAlways: true })
  process.env['TEST_NATS_URL'] = nats.url
  await runAgain(t, { suites, leftOut: kept })
  void t.test('the chats of these suites have been on the NATS servers', async (t) => {
    const said = (await (await fetch(`${nats.monitors[0]}/jsz`)).json()) as { streams: number; messages: number }
    t.ok(said.streams > suites.length && said.messages > 0, `${said.streams} streams, ${said.messages} messages`)
  })
}
