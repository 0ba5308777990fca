import fc from 'fast-check'
import type { Message } from '../../schemas/message.js'
import { credentials } from '../../src/chat/access.js'
import { ChatError } from '../../src/chat/chat-error.js'
import type { ChatService } from '../../src/chat/chat-service.js'
import type { NaiveChat, Step } from './naive-chat.js'

const nobody = credentials(undefined)

export const name = fc.constantFrom('ann', 'Bob', 'cy', 'ANN')
const messageId = fc.integer({ min: 1, max: 10 })
const room = fc.constantFrom('room_1', 'room_2', 'room_3')
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('register' as const), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('logout' as const), name }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      name,
      to: fc.oneof(name, room),
      text: fc.constantFrom('x', '"é\n', '💬'),
      clientId: fc.option(fc.constantFrom('1', '"2"'), { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('create' as const), name, participants: fc.array(name, { maxLength: 2 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), name, room }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('poll' as const),
      name,
      lastId: fc.nat(8),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('edit' as const), name, id: messageId, text: fc.constantFrom('y', '"\\') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), name, id: messageId }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      name,
      with: fc.oneof(name, room),
      beforeId: fc.integer({ min: 1, max: 12 }),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'online' as const }) },
)

/** The answer of the real chat, told as the naive one tells it. */
async function answerOf(chat: ChatService, it: Step): Promise<unknown> {
  switch (it.do) {
    case 'register':
      return (await chat.register(it.name)).username
    case 'logout':
      return (await chat.logout(it.name, nobody)).replace(' is logged out.', '')
    case 'send': {
      const request = {
        sender: it.name,
        recipient: it.to,
        message: it.text,
        ...(it.clientId !== undefined && { client_id: it.clientId }),
      }
      const { message, message_id } = await chat.send(request, nobody)
      return { id: message_id, recipient: /^Message sent to (.*)\.$/.exec(message)?.[1] }
    }
    case 'create':
      return (await chat.createRoom({ admin: it.name, participants: [...it.participants] }, nobody)).roomId
    case 'leave':
      await chat.leaveRoom(it.name, it.room, nobody)
      return it.room
    case 'poll':
      return plainPage(await chat.poll({ username: it.name, last_id: it.lastId, limit: it.limit }, nobody))
    case 'edit':
      return plain(await chat.editMessage(it.id, { username: it.name, message: it.text }, nobody))
    case 'delete':
      return plain(await chat.deleteMessage(it.id, { username: it.name }, nobody))
    case 'read': {
      const query = { username: it.name, before_id: it.beforeId, limit: it.limit }
      const page = (await chat.conversationMessages(it.with, query, nobody)).toString()
      const { messages, has_more } = JSON.parse(page) as { messages: Message[]; has_more: boolean }
      return { messages: messages.map(plain), has_more }
    }
    case 'online':
      return chat.online({}, nobody).names
  }
}

function plainPage(json: Buffer): object {
  const { messages, last_id, has_more } = JSON.parse(json.toString()) as {
    messages: Message[]
    last_id: number
    has_more: boolean
  }
  return { messages: messages.map(plain), last_id, has_more }
}

/** Without times, which the naive chat does not know. */
const plain = ({ id, sender, recipient, message, edited_at, deleted_at, client_id }: Message): object => ({
  id,
  sender,
  recipient,
  message,
  ...(edited_at !== undefined && { edited: true }),
  ...(deleted_at !== undefined && { deleted: true }),
  ...(client_id !== undefined && { client_id }),
})

const take = (chat: ChatService, it: Step): Promise<unknown> =>
  answerOf(chat, it).catch((error: unknown) => {
    if (error instanceof ChatError) return error.code
    throw error
  })

export const everything: readonly Step[] = [
  ...['ann', 'Bob', 'cy'].map((it) => ({ do: 'poll', name: it, lastId: 0, limit: 1000 }) as const),
  ...['ann', 'Bob'].map((it) => ({ do: 'read', name: 'ann', with: it, beforeId: 1000, limit: 1000 }) as const),
  { do: 'online' },
]

/** Lets both take the steps. @throws if one of the answers differs */
export async function agree(chat: ChatService, model: NaiveChat, steps: readonly Step[]): Promise<void> {
  for (const it of steps) {
    const expected = model.take(it)
    const actual = await take(chat, it)
    if (JSON.stringify(actual) !== JSON.stringify(expected))
      throw new Error(`${JSON.stringify(it)}: ${JSON.stringify(actual)} rather than ${JSON.stringify(expected)}`)
  }
}
