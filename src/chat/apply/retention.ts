import type { CommandOf } from '../../../schemas/commands.js'
import type { ChatState } from '../chat-state.js'

/** Deletes old messages, everywhere or in the rooms that keep them for so many days. */
export function expireMessages(state: ChatState, { up_to: upTo, retention }: CommandOf<'expire_messages'>): undefined {
  if (retention === undefined) {
    if (upTo <= state.expired) return
    state.expired = upTo
    state.messages.forget(upTo)
    state.emit({ type: 'messages.expired', upTo })
    return
  }
  const rooms = [...state.rooms.keeping(retention)].filter(
    ({ messages }) => upTo > messages.expired && messages.newest > messages.expired,
  )
  for (const { messages } of rooms) messages.expire(upTo)
  if (rooms.length > 0) state.emit({ type: 'messages.expired', upTo, rooms })
}
