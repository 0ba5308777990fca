import type { JournalEvent } from '../../src/archive/journal.js'
import type { RecentEvents } from '../../src/archive/recent.js'
import type { ChatState } from '../../src/chat/chat-state.js'
import type { Storage } from '../../src/node/storage.js'

/** What a chat was told of its live events. */
export interface Noted {
  /** Those that were there when it was opened. */
  recent: RecentEvents
  /** Those since. */
  readonly events: JournalEvent[]
}

/** Lets an archive note each message as the one live event, and what it had of them. */
export function noteMessages({ archive }: Storage): Noted {
  const noted: Noted = { recent: { after: 0, events: [] }, events: [] }
  if (!archive) return noted
  let known: ChatState | undefined
  const restore = archive.restore.bind(archive)
  const note = archive.note.bind(archive)
  const noteLive = archive.noteLive.bind(archive)
  archive.restore = async (state) => {
    await restore(state)
    known = state
    noted.recent = await archive.recent()
  }
  let [position, index] = [0, 0]
  archive.note = (event) => {
    note(event)
    if (event.type !== 'message.created' || !known) return
    index = known.position === position ? index + 1 : 0
    position = known.position
    const live = { position, index, at: event.sentAt, targets: [event.to.number], messageId: event.id }
    noted.events.push(live)
    noteLive(live)
  }
  archive.noteLive = () => undefined
  return noted
}
