import type { ChatService } from '../../src/chat/chat-service.js'
import { messageText } from './requests.js'

const nobody = { tokenHash: undefined }
/** The rooms that bob is in; carol is in the one after them alone. */
const roomsOfBob = 3

/** Where carol reads: a room among many, the messages of the others between its own. */
export const roomOfCarol = `room_${roomsOfBob + 1}`

/**
 * Fills a chat through its one door, past HTTP: alice sends, by turns to bob and to `conversations - 1` rooms. The
 * room's notices come first, so the id of the last message is `conversations - 1 + messages`.
 */
export async function fill(chat: ChatService, messages: number, conversations: number): Promise<void> {
  for (const name of ['alice', 'bob', 'carol']) await chat.register(name)
  const recipients = ['bob']
  for (let room = 1; room < conversations; room++) {
    const participants = room <= roomsOfBob ? ['bob'] : room === roomsOfBob + 1 ? ['carol'] : []
    recipients.push((await chat.createRoom({ admin: 'alice', participants }, nobody)).roomId)
  }
  for (let number = 1; number <= messages; number++) {
    const recipient = recipients[number % conversations] ?? 'bob'
    await chat.send({ sender: 'alice', recipient, message: messageText(number) }, nobody)
  }
}
