import type { Chat } from './chat.js'
import { liveOf } from './open-chat.js'
import { until } from './remote.js'

/** What the server remembers of those who are connected: each of it is nothing when nobody is. */
export function countsOf({ app }: Chat): Record<string, number> {
  const { addresses, users, beats } = app.live['connections'] as unknown as {
    addresses: ReadonlyMap<string, number>
    users: ReadonlyMap<unknown, number>
    beats: readonly ReadonlySet<unknown>[]
  }
  const { hub } = liveOf(app.chat)
  return {
    addresses: addresses.size,
    users: users.size,
    connections: beats.reduce((sum, { size }) => sum + size, 0),
    'listeners of users': hub['users'].size,
    'listeners of rooms': hub['rooms'].size,
    listeners: hub['everybody'].subscribers.size,
  }
}

export const connectionsOf = (chat: Chat): number => countsOf(chat)['connections'] ?? 0

/** Waits until nothing of those who were connected is left. */
export const nobodyLeft = (chat: Chat): Promise<void> =>
  until(() => Object.values(countsOf(chat)).every((count) => count === 0))

/** The connections of which the server knows, live or not. */
export const openSockets = ({ app }: Chat): Promise<number> =>
  new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => {
      if (error) reject(error)
      else resolve(count)
    })
  })
