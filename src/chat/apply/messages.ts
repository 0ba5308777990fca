import type { CommandOf } from '../../../schemas/commands.js'
import type { ChatState } from '../chat-state.js'
import { serverName } from '../names.js'
import type { NewMessage } from '../state/message-json.js'
import { checkMember, isRoom, type Room } from '../state/rooms.js'
import type { User } from '../state/users.js'
import type { Outcomes } from './outcomes.js'
import { bytesOfMessage, storeBytes } from '../state/stored-bytes.js'
import { touch } from './presence.js'

export function send(state: ChatState, command: CommandOf<'send'>): Outcomes['send'] {
  const sender = state.users.get(command.sender)
  const { client_id: clientId, content_hash: contentHash = '', text } = command
  if (clientId !== undefined) {
    const first = state.sentBefore(sender, clientId, contentHash)
    if (first) return first
  }
  const to = command.to_room === undefined ? state.users.get(command.to_user ?? 0) : state.rooms.get(command.to_room)
  if (isRoom(to)) checkMember(to, sender)
  const isCounted = storeBytes(state.bounds, sender, bytesOfMessage(text), state.time)
  const sentAt = state.time
  const message = { sender: sender.name, senderNumber: sender.number, recipient: addressOf(to), text, sentAt, clientId }
  const messageId = deliver(state, to, message, contentHash)
  touch(state, sender, isCounted)
  const sent = { messageId, sentAt, recipient: addressOf(to), contentHash }
  if (clientId !== undefined) state.sentKeys.remember(sender.number, clientId, sent)
  return sent
}

/** Posts what the server says to a room. */
export function notice(state: ChatState, room: Room, text: string): void {
  deliver(state, room, { sender: serverName, senderNumber: 0, recipient: room.id, text, sentAt: state.time })
}

function deliver(state: ChatState, to: User | Room, message: NewMessage, contentHash?: string): number {
  const id = state.messages.append(message)
  to.messages.push(id, state.messages.floor)
  const { senderNumber, sentAt, clientId } = message
  state.emit({ type: 'message.created', id, to, senderNumber, sentAt, clientId, contentHash })
  return id
}

const addressOf = (to: User | Room): string => (isRoom(to) ? to.id : to.name)
