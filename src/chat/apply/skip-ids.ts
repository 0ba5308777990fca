import type { CommandOf } from '../../../schemas/commands.js'
import type { ChatState } from '../chat-state.js'

/**
 * Passes over ids that may have been given after the moment from which this chat goes on: a client that has seen them must
 * not take what comes now for what it knows.
 */
export function skipIds(state: ChatState, { count }: CommandOf<'skip_ids'>): undefined {
  const { newest } = state.messages
  state.messages.newest += count
  state.sentKeys.skipped = { after: newest, to: state.messages.newest }
  state.rooms.newest += count
  state.users.newest += count
  state.emit({ type: 'ids.skipped' })
}
