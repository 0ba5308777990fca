import { command } from '../command.js'

/**
 * Passes over ids that may have been given after the moment from which this chat goes on: a client that has seen them must
 * not take what comes now for what it knows.
 */
export const skipIds = command('skip_ids', (state, { count }) => {
  const { newest } = state.messages
  state.messages.newest += count
  state.sentKeys.skipped = { after: newest, to: state.messages.newest }
  state.rooms.newest += count
  state.users.newest += count
})
