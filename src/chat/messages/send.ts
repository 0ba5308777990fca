import type { SendRequest, SendResult } from '../../../schemas/messages.js'
import type { Credentials } from '../access.js'
import { ChatError } from '../chat-error.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import { nameKey } from '../names.js'
import { hashContent } from '../secrets.js'
import { isRoom } from '../tables/rooms.js'
import { bytesOfMessage, checkStored, storeBytes } from '../tables/stored-bytes.js'
import type { User } from '../tables/users.js'
import { checkMay } from '../who-may.js'
import { conversationNamed } from './conversation.js'
import { deliver, type Delivered } from './deliver.js'
import { isoTime } from './message-json.js'
import type { Key } from './send-turns.js'

const sendMessage = command('send', (state, command): Delivered => {
  const sender = state.users.get(command.sender)
  const { client_id: clientId, content_hash: contentHash = '', text } = command
  if (clientId !== undefined) {
    const first = state.sentBefore(sender, clientId, contentHash)
    if (first) return first
    // What was sent with it since then may be forgotten here, and was not known there.
    if (command.looked_to !== undefined && state.sentKeys.floor(state.messages.newest) > command.looked_to)
      throw new ChatError('not_caught_up', 'This node is too far behind to know what was sent with this `client_id`.')
  }
  const to = command.to_room === undefined ? state.users.get(command.to_user ?? 0) : state.rooms.get(command.to_room)
  checkMay('send', sender, to)
  const isCounted = storeBytes(state.bounds, sender, bytesOfMessage(text), state.time)
  const delivered = deliver(state, to, sender, text, clientId)
  if (!state.users.touch(sender, state.time, state.position) && isCounted) state.users.change(sender)
  if (clientId !== undefined) state.sentKeys.remember({ sender: sender.number, clientId, contentHash, ...delivered })
  return delivered
})

export const send = {
  commands: [sendMessage],
  /**
   * Sends a message, once, and those of one user in the order in which they come.
   * @throws {ChatError} user_not_found, room_not_found, not_a_member, client_id_reused, storage_used_up, not_caught_up
   */
  async ask(core: Core, request: SendRequest, credentials: Credentials): Promise<SendResult> {
    const { recipient, message: text, client_id: clientId } = request
    const sender = core.speaker(request.sender, credentials)
    const key = clientId === undefined ? undefined : { clientId, contentHash: hashContent(nameKey(recipient), text) }
    // Without an archive, no more is known of a client_id than memory has.
    const lookedTo = core.archive && core.state.messages.newest
    // Nothing is awaited where nothing has to be looked up: who came first is appended first.
    const found = core.sendTurns.find(sender, key)
    const first = found instanceof Promise ? await found : found
    const sent = first ?? (await append(core, sender, recipient, text, key && { ...key, lookedTo }))
    return {
      status: 'success',
      message: `Message sent to ${sent.recipient}.`,
      message_id: sent.messageId,
      sent_at: isoTime(sent.sentAt),
      ...(clientId !== undefined && { client_id: clientId }),
    }
  },
}

function append(
  { state, append: appendCommand, now }: Core,
  sender: User,
  recipient: string,
  text: string,
  key: (Key & { readonly lookedTo: number | undefined }) | undefined,
): Promise<Delivered> {
  const to = conversationNamed(state, recipient)
  checkMay('send', sender, to)
  checkStored(state.bounds, sender, bytesOfMessage(text), Math.max(now(), state.time))
  return appendCommand(sendMessage, {
    sender: sender.number,
    ...(isRoom(to) ? { to_room: to.number } : { to_user: to.number }),
    text,
    ...(key && { client_id: key.clientId, content_hash: key.contentHash }),
    ...(key?.lookedTo !== undefined && { looked_to: key.lookedTo }),
  })
}
