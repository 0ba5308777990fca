import fc from 'fast-check'
import { credentials } from '../../src/chat/access.js'
import { ChatError } from '../../src/chat/chat-error.js'
import type { ChatService } from '../../src/chat/chat-service.js'
import type { NaiveChat, Step } from './naive-chat.js'

const nobody = credentials(undefined)

export const name = fc.constantFrom('ann', 'Bob', 'cy', 'ANN')
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
    case 'online':
      return chat.online({}, nobody).names
  }
}

function plainPage(json: Buffer): object {
  const { messages, last_id, has_more } = JSON.parse(json.toString()) as {
    messages: { sent_at?: string }[]
    last_id: number
    has_more: boolean
  }
  for (const message of messages) delete message.sent_at
  return { messages, last_id, has_more }
}

const take = (chat: ChatService, it: Step): Promise<unknown> =>
  answerOf(chat, it).catch((error: unknown) => {
    if (error instanceof ChatError) return error.code
    throw error
  })

export const everything: readonly Step[] = [
  ...['ann', 'Bob', 'cy'].map((it) => ({ do: 'poll', name: it, lastId: 0, limit: 1000 }) as const),
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
