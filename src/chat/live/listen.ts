import type { Credentials } from '../access.js'
import type { Core } from '../core.js'
import type { Beginning, Caller, Sink, Subscription } from '../ports.js'
import type { User } from '../tables/users.js'

export const listener = {
  /** The user as whom somebody would listen. @throws {ChatError} user_not_found */
  ask: ({ speaker }: Core, username: string | undefined, credentials: Credentials): User =>
    speaker(username, credentials),
}

export const listen = {
  /** Listens, until the sink closes. To be called in the same turn as `listener`, with the user that it gave. */
  ask: ({ live }: Core, caller: Caller, beginning: Beginning, sink: Sink): Subscription =>
    live.listen(caller, beginning, sink),
}
