import { Nats, type NatsOptions } from '../support/nats.js'
import type { Scope } from './scope.js'
import { makeFolder } from './servers.js'

/** Starts servers of NATS that end with the rest. */
export async function startNats(scope: Scope, options: NatsOptions): Promise<Nats> {
  return Nats.start({ folder: await makeFolder(scope), onEnd: (ending) => scope.onEnd(ending) }, options)
}
