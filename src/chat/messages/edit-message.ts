import type { EditMessageRequest } from '../../../schemas/edit-message.js'
import type { Message } from '../../../schemas/message.js'
import type { Credentials } from '../access.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import { bytesOfMessage, checkStored, storeBytes } from '../tables/stored-bytes.js'
import { checkMayChange } from '../who-may.js'
import { changeMessage, factsOf, notFound, viewOf, withMessage } from './change-message.js'

const editMessageCommand = command('edit_message', (state, { user, message: id, text, facts }): number => {
  const editor = state.users.get(user)
  checkStored(state.bounds, editor, bytesOfMessage(text), state.time)
  changeMessage(state, 'edit_message', editor, id, facts, { text, editedAt: state.time }, 'message.edited')
  const isCounted = storeBytes(state.bounds, editor, bytesOfMessage(text), state.time)
  if (!state.users.touch(editor, state.time, state.position) && isCounted) state.users.change(editor)
  return state.time
})

export const editMessage = {
  commands: [editMessageCommand],
  /** @throws {ChatError} message_not_found, not_allowed, changed_meanwhile, storage_used_up */
  ask(
    core: Core,
    id: number,
    { username, message: text }: EditMessageRequest,
    credentials: Credentials,
  ): Promise<Message> {
    const { state, now } = core
    const user = core.speaker(username, credentials)
    return withMessage(core, user, id, async (message) => {
      if (message.deletedAt !== undefined) throw notFound(id)
      checkMayChange(state, 'edit_message', user, factsOf(message.facts))
      checkStored(state.bounds, user, bytesOfMessage(text), Math.max(now(), state.time))
      const editedAt = await core.append(editMessageCommand, {
        user: user.number,
        message: id,
        text,
        facts: message.facts,
      })
      return viewOf(id, message.facts, user, { text, editedAt })
    })
  },
}
