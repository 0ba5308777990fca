import type { DeleteMessageQuery } from '../../../schemas/delete-message.js'
import type { Message } from '../../../schemas/message.js'
import type { Credentials } from '../access.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import { checkMayChange } from '../who-may.js'
import { changeMessage, factsOf, viewOf, withMessage } from './change-message.js'

const deleteMessageCommand = command('delete_message', (state, { user, message: id, facts }): number => {
  const deletedAt = state.time
  changeMessage(state, 'delete_message', state.users.get(user), id, facts, { text: '', deletedAt }, 'message.deleted')
  // What the message said is in the entries before.
  state.forgotten = state.position
  state.users.touch(state.users.get(user), state.time, state.position)
  return deletedAt
})

export const deleteMessage = {
  commands: [deleteMessageCommand],
  /** @throws {ChatError} message_not_found, not_allowed, changed_meanwhile */
  ask(core: Core, id: number, { username }: DeleteMessageQuery, credentials: Credentials): Promise<Message> {
    const user = core.speaker(username, credentials)
    return withMessage(core, user, id, async ({ facts, deletedAt: before }) => {
      checkMayChange(core.state, 'delete_message', user, factsOf(facts))
      const deletedAt = before ?? (await core.append(deleteMessageCommand, { user: user.number, message: id, facts }))
      return viewOf(id, facts, user, { text: '', deletedAt })
    })
  },
}
