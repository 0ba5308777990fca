import type { Message } from '../../schemas/message.js'
import { messageText } from './requests.js'

/** Messages as one keeps them without a second thought: an array of objects, of which a poll looks at every one. */

const conversations = 20
/** The rooms with their members. */
const rooms = new Map(
  Array.from({ length: conversations }, (_, index) => [
    `room_${index}`,
    new Set(index < 4 ? ['alice', 'bob'] : ['alice']),
  ]),
)

/** What came in a body, with an id and a time; alice sends, by turns to bob and to rooms. */
export function messageObjects(count: number): Message[] {
  return Array.from({ length: count }, (_, index) => {
    const number = index + 1
    const recipient = number % conversations === 0 ? 'bob' : `room_${number % conversations}`
    const body = JSON.stringify({ sender: 'alice', recipient, message: messageText(number) })
    return { id: number, ...(JSON.parse(body) as Omit<Message, 'id' | 'sent_at'>), sent_at: new Date().toISOString() }
  })
}

/** What is new to a user, as the first chat found it. */
export const scan = (messages: readonly Message[], username: string, lastId: number): Message[] =>
  messages.filter(
    ({ id, recipient }) => id > lastId && (recipient === username || rooms.get(recipient)?.has(username) === true),
  )
