import type { ChatData } from '../chat-data.js'
import { serverName } from '../names.js'
import { isRoom, targetOf, type Room } from '../tables/rooms.js'
import type { User } from '../tables/users.js'
import type { MessageContent } from './message-json.js'

export interface Delivered {
  readonly messageId: number
  /** In ms since the epoch. */
  readonly sentAt: number
  /** The name by which the recipient is called. */
  readonly recipient: string
}

/** Gives a message its place in the order, now. @param sender The server, if there is none. */
export function deliver(
  state: ChatData,
  to: User | Room,
  sender: User | undefined,
  text: string,
  clientId?: string,
): Delivered {
  const sentAt = state.time
  const recipient = isRoom(to) ? to.id : to.name
  const content: MessageContent = { sender: sender?.name ?? serverName, recipient, text, sentAt }
  const facts = { target: targetOf(to), sender: sender?.number ?? 0, sentAt, clientId }
  const messageId = state.messages.append(content, facts)
  const { floor } = state.messages
  const previous = to.messages.newest
  to.messages.push(messageId, floor)
  // The row of the recipient says which is its newest.
  if (isRoom(to)) state.rooms.change(to)
  else {
    state.users.change(to)
    state.directs.push(facts.sender, to.number, messageId, floor)
  }
  state.noteNewMessage(messageId, facts, previous)
  state.tell({ type: 'message.created', audience: audienceOf(to, sender), messageId })
  return { messageId, sentAt, recipient }
}

/** Posts what the server says to a room. */
export function postNotice(state: ChatData, room: Room, text: string): void {
  deliver(state, room, undefined, text)
}

/** Whoever may read a message is told of it: of a direct message, its sender, too. */
export const audienceOf = (to: User | Room, sender: User | undefined): (User | Room)[] =>
  isRoom(to) || sender === to || !sender ? [to] : [to, sender]
