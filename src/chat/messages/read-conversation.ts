import type { ConversationQuery } from '../../../schemas/conversation-messages.js'
import { fixed } from '../../../schemas/limits.js'
import type { Credentials } from '../access.js'
import { ChatError } from '../chat-error.js'
import type { Core } from '../core.js'
import { isRoom, type Room } from '../tables/rooms.js'
import type { User } from '../tables/users.js'
import { checkMay } from '../who-may.js'
import { conversationNamed } from './conversation.js'
import { messagesJson, type Page } from './page.js'

export const conversationMessages = {
  /**
   * A page of a conversation, as the JSON of `ConversationMessages`.
   * @throws {ChatError} user_not_found, room_not_found, not_a_member, invalid_request
   */
  async ask(core: Core, recipient: string, query: ConversationQuery, credentials: Credentials): Promise<Buffer> {
    const { state, speaker } = core
    const { username, before_id, after_id, around_id } = query
    if ([before_id, after_id, around_id].filter((id) => id !== undefined).length > 1)
      throw new ChatError('invalid_request', 'Give one of `before_id`, `after_id` and `around_id`, not several.')
    const user = speaker(username, credentials)
    const to = conversationNamed(state, recipient)
    checkMay('read_conversation', user, to)
    const check = (): void => {
      // Whoever has left meanwhile reads nothing any more; nor does the next holder of the name.
      if (speaker(username, credentials) !== user) throw new ChatError('user_not_found')
      if (conversationNamed(state, recipient) !== to)
        throw new ChatError(isRoom(to) ? 'room_not_found' : 'user_not_found')
      checkMay('read_conversation', user, to)
    }
    const page = await core.history.coherent(to, () => read(core, user, to, query), check)
    const hasNewer = page.hasNewer === undefined ? '' : `,"has_newer":${page.hasNewer}`
    return messagesJson(state.messages, page, user.number, `"has_more":${page.hasMore}${hasNewer}`)
  },
}

type Pages = Pick<Page, 'archived' | 'ids' | 'hasMore'> & { readonly hasNewer?: boolean }

async function read(
  { state, history }: Core,
  user: User,
  to: User | Room,
  { before_id, after_id, around_id, limit = fixed.page.default }: ConversationQuery,
): Promise<Pages> {
  if (after_id !== undefined) return history.newer(user, to, after_id, limit)
  if (around_id === undefined) return history.older(user, to, before_id ?? state.messages.newest + 1, limit)
  const half = Math.ceil(limit / 2)
  const before = await history.older(user, to, around_id + 1, half)
  const after = await history.newer(user, to, around_id, limit - half)
  return {
    archived: [...before.archived, ...after.archived],
    ids: [...before.ids, ...after.ids],
    hasMore: before.hasMore,
    hasNewer: after.hasMore,
  }
}
