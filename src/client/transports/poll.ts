import type { Http } from '../http.js'
import { Pace } from '../pace.js'
import { delay } from '../pause.js'
import type { Transport } from './transport.js'

/** The longest that a poll is held, in seconds. */
const longest = 25

/** Polls a second at most: where much happens, several events come with one answer. */
const mostPolls = 4

/** Long polling: where nothing else comes through. */
export const poll =
  (http: Http): Transport =>
  async (wire) => {
    const { signal } = wire
    // Without a cursor it begins with `hello`, whether there is something new or not.
    const { events, event_id } = await http.call('streamEvents', { wait: 0 }, { signal })
    events.forEach((event) => wire.take(event))
    const [hello] = events
    // So that who watches the heartbeat hears something.
    const wait = hello?.type === 'hello' ? Math.min(longest, hello.heartbeat_seconds) : longest
    const pace = new Pace(mostPolls)
    for (let cursor = wire.cursor ?? event_id; ;) {
      await delay(pace.next())
      const page = await http.call('streamEvents', { wait, last_event_id: cursor }, { signal })
      wire.heard()
      page.events.forEach((event) => wire.take(event))
      cursor = page.event_id
      wire.passed(cursor)
    }
  }
