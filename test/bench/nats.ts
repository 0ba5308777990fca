import { Nats, type NatsOptions } from '../support/nats.js'
import type { Scope } from './scope.js'
import { makeFolder, startChatRoom, type Server } from './servers.js'

/** Starts servers of NATS that end with the rest. */
export async function startNats(scope: Scope, options: NatsOptions): Promise<Nats> {
  return Nats.start({ folder: await makeFolder(scope), onEnd: (ending) => scope.onEnd(ending) }, options)
}

/** Starts a node on them. */
export const startNode = (scope: Scope, nats: Nats, more: Readonly<Record<string, string>> = {}): Promise<Server> =>
  startChatRoom(scope, {
    CHATROOM_DATA: 'data',
    CHATROOM_NATS_URL: nats.url,
    CHATROOM_NATS_REPLICAS: String(nats.names.length),
    ...more,
  })
