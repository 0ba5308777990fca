/**
 * Holds a lease when it can, and writes a line when it takes it and when it drops it.
 * @argument the servers' URL, the prefix, the name of the node
 */
import { writeSync } from 'node:fs'
import { connectNats } from '../../src/nats/connection.js'
import { NatsLease } from '../../src/nats/nats-lease.js'

const [url = '', prefix = '', node = ''] = process.argv.slice(2)
const lease = new NatsLease({ connection: await connectNats({ url }), prefix, replicas: 1, node, settings: '{}' })
await lease.hold(
  async () => void writeSync(1, 'takes\n'),
  () => void writeSync(1, 'drops\n'),
)
