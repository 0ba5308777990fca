import t, { type Test } from 'tap'
import { sayMissing } from './support/missing.js'
import { natsMissing, startNats } from './support/nats.js'
import { rounds } from './support/random.js'

/** What a server with a log of its own promises, a node on NATS does, too: the suites of the one run again. */

/** What cannot be so there, and why. */
const leftOut: Readonly<Record<string, string>> = {
  'when the memory for messages is full, the oldest are forgotten': 'what is in a folder is not forgotten',
  'only so many client_ids are remembered': 'what is in a folder is remembered',
}

const suites = ['messages', 'live', ...(rounds(0, 1) === 1 ? ['live-order', 'crash'] : [])]

const missing = natsMissing()
if (missing !== undefined) sayMissing(t, missing)
else {
  const nats = await startNats(t, { syncAlways: true })
  process.env['TEST_NATS_URL'] = nats.url
  const test = t.test.bind(t) as (name: string, ...rest: unknown[]) => Promise<unknown>
  t.test = ((name: string, ...rest: unknown[]) => {
    const reason = leftOut[name]
    return reason === undefined ? test(name, ...rest) : test(name, { skip: reason })
  }) as Test['test']
  for (const suite of suites) await import(`./${suite}.test.js`)
  void test('the chats of these suites have been on the NATS servers', async (t: Test) => {
    const said = (await (await fetch(`${nats.monitors[0]}/jsz`)).json()) as { streams: number; messages: number }
    t.ok(said.streams > suites.length && said.messages > 0, `${said.streams} streams, ${said.messages} messages`)
  })
}
