import type { RecentEvents } from '../../src/archive/recent.js'
import type { KeptEvent } from '../../src/chat/events.js'
import type { Storage } from '../../src/node/storage.js'
import { keptEvents } from './lived.js'

/** What a chat was told of its live events. */
export interface Noted {
  /** Those that were there when it was opened. */
  recent: RecentEvents
  /** Those since. */
  readonly events: KeptEvent[]
}

/** Notes what an archive is told of live events, and what it had of them. */
export function noteEvents({ archive }: Storage): Noted {
  const noted: Noted = { recent: { after: 0, events: [] }, events: [] }
  if (!archive) return noted
  const recent = archive.recent.bind(archive)
  const take = archive.take.bind(archive)
  archive.recent = async () => (noted.recent = await recent())
  archive.take = (applied) => {
    take(applied)
    noted.events.push(...keptEvents(applied))
  }
  return noted
}
