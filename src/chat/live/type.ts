import type { Credentials } from '../access.js'
import type { Core } from '../core.js'
import { conversationNamed } from '../messages/conversation.js'
import { checkMay } from '../who-may.js'

export const type = {
  /** Tells those who listen that somebody is typing. @throws {ChatError} user_not_found, room_not_found, not_a_member */
  ask({ state, live, speaker }: Core, username: string | undefined, recipient: string, credentials: Credentials): void {
    const user = speaker(username, credentials)
    const to = conversationNamed(state, recipient)
    checkMay('type', user, to)
    live.showTyping(user, to)
  },
}
