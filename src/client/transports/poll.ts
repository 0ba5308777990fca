import { unexpected } from '../chatroom-error.js'
import type { Http } from '../http.js'
import { delay } from '../pause.js'
import type { Transport } from './transport.js'

/** The longest that a poll is held, in seconds. */
const longest = 25

/** From one poll to the next, at least, in ms: where much happens, several events come with one answer. */
const leastPause = 250

/** Long polling: where nothing else comes through. */
export const poll =
  (http: Http): Transport =>
  async (wire) => {
    const { signal, url } = wire
    // Without a cursor it begins with `hello`, whether there is something new or not.
    const { events, event_id } = await http.call('streamEvents', { wait: 0 }, { signal, url })
    const begin = wire.cursor ?? event_id
    const [hello] = events
    if (hello?.type !== 'hello') throw unexpected('The answer does not begin with hello.')
    // Who comes back is at its own cursor, not at the newest.
    wire.take({ ...hello, event_id: begin })
    // So that who watches the heartbeat hears something.
    const wait = Math.min(longest, hello.heartbeat_seconds)
    for (let cursor = begin; ;) {
      const pause = delay(leastPause)
      const page = await http.call('streamEvents', { wait, last_event_id: cursor }, { signal, url })
      wire.heard()
      page.events.forEach((event) => wire.take(event))
      cursor = page.event_id
      wire.passed(cursor)
      await pause
    }
  }
