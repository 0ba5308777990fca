import { fixed } from '../../../schemas/limits.js'
import type { OnlineQuery } from '../../../schemas/users.js'
import type { Credentials } from '../access.js'
import type { Core } from '../core.js'

export const online = {
  /** A page of the names of those who are online, sorted without regard to case. */
  ask(
    { access, state: { users }, live }: Core,
    { prefix = '', after = '', limit = fixed.page.unpaged }: OnlineQuery,
    credentials: Credentials,
  ): { names: string[]; hasMore: boolean; connected: string[] } {
    access.look(credentials)
    const found = users.onlineNames(prefix, after, limit + 1)
    const names = found.slice(0, limit)
    const connected = names.filter((name) => live.isConnected(users.named(name)))
    return { names, hasMore: found.length > limit, connected }
  },
}
