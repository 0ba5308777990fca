import type { SendRequest, SendResult } from '../../schemas/messages.js'
import type { Archive } from '../archive/archive.js'
import type { CommandLog } from './command-log.js'
import type { ChatState } from './chat-state.js'
import { meansRoom, nameKey } from './names.js'
import { hashContent } from './secrets.js'
import { isoTime } from './state/message-json.js'
import { checkMember } from './state/rooms.js'
import { bytesOfMessage, checkStored } from './state/stored-bytes.js'
import { sameContent, type Sent } from './state/sent-keys.js'
import type { User } from './state/users.js'

/** How messages are sent: each once, and those of one user in the order in which they come. */
export class Sends {
  /** Of each user with a send that had to look into the archive, what the next must wait for. */
  private readonly looking = new Map<User, Promise<unknown>>()

  /** @param now Gives the time, in ms since the epoch. */
  constructor(
    private readonly state: ChatState,
    private readonly log: CommandLog,
    private readonly archive: Archive | undefined,
    private readonly now: () => number,
  ) {}

  /** @throws {ChatError} user_not_found, room_not_found, not_a_member, client_id_reused, storage_used_up */
  async send(sender: User, request: SendRequest): Promise<SendResult> {
    const { recipient, message: text, client_id: clientId } = request
    const key = clientId === undefined ? undefined : { clientId, contentHash: hashContent(nameKey(recipient), text) }
    // Nothing is awaited where nothing has to be looked up: who came first is appended first.
    const first = this.mustWait(sender, key) ? await this.inTurn(sender, key) : this.remembered(sender, key)
    const sent = first ?? (await this.append(sender, recipient, text, key))
    return {
      status: 'success',
      message: `Message sent to ${sent.recipient}.`,
      message_id: sent.messageId,
      sent_at: isoTime(sent.sentAt),
      ...(clientId !== undefined && { client_id: clientId }),
    }
  }

  private remembered(sender: User, key: Key | undefined): Sent | undefined {
    return key && this.state.sentBefore(sender, key.clientId, key.contentHash)
  }

  private mustWait(sender: User, key: Key | undefined): boolean {
    return this.looking.has(sender) || (key !== undefined && this.mayBeArchived && !this.remembered(sender, key))
  }

  /** Whether there are sends of which the archive alone knows the `client_id`. */
  private get mayBeArchived(): boolean {
    return this.archive !== undefined && this.state.sentKeys.floor(this.state.messages.newest) > 0
  }

  /** The send of this user with this `client_id`, if there was one, once those before have been looked up. */
  private async inTurn(sender: User, key: Key | undefined): Promise<Sent | undefined> {
    const turn = Promise.all([key && this.lookUp(sender, key), this.looking.get(sender)])
    const settled = turn.then(noop, noop)
    this.looking.set(sender, settled)
    try {
      const [first] = await turn
      return first
    } finally {
      if (this.looking.get(sender) === settled) this.looking.delete(sender)
    }
  }

  private async lookUp(sender: User, key: Key): Promise<Sent | undefined> {
    const remembered = this.remembered(sender, key)
    if (remembered || !this.archive) return remembered
    const archived = await this.archive.sent(sender.number, key.clientId, Math.max(this.now(), this.state.time))
    if (!archived) return undefined
    const { message_id: messageId, sent_at: sentAt, recipient, content_hash: contentHash } = archived
    return sameContent({ messageId, sentAt, recipient, contentHash }, key.clientId, key.contentHash)
  }

  private append(
    sender: User,
    recipient: string,
    text: string,
    key: Key | undefined,
  ): Promise<Omit<Sent, 'contentHash'>> {
    const { bounds, time } = this.state
    const to = this.resolve(recipient, sender)
    checkStored(bounds, sender, bytesOfMessage(text), Math.max(this.now(), time))
    return this.log.append<'send'>({
      type: 'send',
      sender: sender.number,
      ...to,
      text,
      ...(key && { client_id: key.clientId, content_hash: key.contentHash }),
    })
  }

  private resolve(recipient: string, sender: User): { to_room: number } | { to_user: number } {
    if (!meansRoom(recipient)) return { to_user: this.state.users.named(recipient).number }
    const room = this.state.rooms.named(recipient)
    checkMember(room, sender)
    return { to_room: room.number }
  }
}

/** By what a repeat is known. */
interface Key {
  readonly clientId: string
  readonly contentHash: string
}

const noop = (): void => undefined
