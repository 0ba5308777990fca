import { isDeepStrictEqual } from 'node:util'
import type { Bounds } from '../../../schemas/commands.js'
import { command } from '../command.js'
import type { Core } from '../core.js'

/** Messages whose `client_id` is looked for in memory, at least, where there is an archive. */
const leastKeys = 50_000

/** Sets the bounds on what strangers can fill. */
export const configure = command('configure', (state, { bounds }) => {
  const floor = state.sentKeys.floor(state.messages.newest)
  Object.assign(state.bounds, bounds)
  // What has been forgotten does not come back, neither here nor on replay.
  state.sentKeys.since = floor
})

/** Puts the bounds into the log, if they are others. */
export async function setBounds({ state, append, archive }: Core, wanted: Bounds): Promise<void> {
  // A client_id that is not in memory any more must be in the archive, which follows at some distance.
  const keys = archive ? leastKeys : 0
  const bounds = { ...wanted, idempotency_keys: Math.max(wanted.idempotency_keys, keys) }
  if (!isDeepStrictEqual(bounds, state.bounds)) await append(configure, { bounds })
}
