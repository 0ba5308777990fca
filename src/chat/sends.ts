import type { SendRequest, SendResponse } from '../../schemas/messages.js'
import type { Archive } from '../archive/archive.js'
import type { Log } from '../log/log.js'
import type { ChatState } from './chat-state.js'
import { meansRoom, nameKey } from './names.js'
import { hashContent } from './secrets.js'
import { isoTime } from './state/message-json.js'
import { checkMember } from './state/rooms.js'
import { sameContent, type Sent } from './state/sent-keys.js'
import type { User } from './state/users.js'

/** How messages are sent, each once. */
export class Sends {
  /** @param now Gives the time, in ms since the epoch. */
  constructor(
    private readonly state: ChatState,
    private readonly log: Log,
    private readonly archive: Archive | undefined,
    private readonly now: () => number,
  ) {}

  /** @throws {ChatError} user_not_found, room_not_found, not_a_member, client_id_reused */
  async send(sender: User, request: SendRequest): Promise<SendResponse> {
    const { recipient, message: text, client_id: clientId } = request
    const contentHash = clientId === undefined ? undefined : hashContent(nameKey(recipient), text)
    const first =
      clientId !== undefined && contentHash !== undefined && (await this.sentBefore(sender, clientId, contentHash))
    const sent =
      first ||
      (await this.log.append<'send'>({
        type: 'send',
        sender: sender.number,
        ...this.resolve(recipient, sender),
        text,
        ...(clientId !== undefined && contentHash !== undefined && { client_id: clientId, content_hash: contentHash }),
      }))
    return {
      status: 'success',
      message: `Message sent to ${sent.recipient}.`,
      message_id: sent.messageId,
      sent_at: isoTime(sent.sentAt),
      ...(clientId !== undefined && { client_id: clientId }),
    }
  }

  /** The send of this user with this `client_id`, if there was one that is remembered or archived. */
  private async sentBefore(sender: User, clientId: string, contentHash: string): Promise<Sent | undefined> {
    const remembered = this.state.sentBefore(sender, clientId, contentHash)
    if (remembered || !this.archive) return remembered
    const archived = await this.archive.sent(sender.number, clientId, Math.max(this.now(), this.state.time))
    if (!archived) return undefined
    const { message_id: messageId, sent_at: sentAt, recipient, content_hash } = archived
    return sameContent({ messageId, sentAt, recipient, contentHash: content_hash }, clientId, contentHash)
  }

  private resolve(recipient: string, sender: User): { to_room: number } | { to_user: number } {
    if (!meansRoom(recipient)) return { to_user: this.state.users.named(recipient).number }
    const room = this.state.rooms.named(recipient)
    checkMember(room, sender)
    return { to_room: room.number }
  }
}
