import { Type, type Static } from '@sinclair/typebox'
import { closed, component, ref, success } from './component.js'
import { fixed } from './limits.js'
import { MessageSchema } from './message.js'
import { operation } from './operation.js'
import { written } from './own-writes.js'
import {
  ClientIdSchema,
  MessageIdSchema,
  MessageTextSchema,
  RecipientSchema,
  SentenceSchema,
  TimeSchema,
  UsernameSchema,
  whoSays,
} from './values.js'

export const SendRequestSchema = component(
  'SendRequest',
  Type.Object(
    {
      sender: Type.Optional(ref(UsernameSchema)),
      recipient: ref(RecipientSchema),
      message: ref(MessageTextSchema),
      client_id: Type.Optional(ref(ClientIdSchema)),
    },
    {
      ...closed,
      description: `A message, and where it goes. ${whoSays('sender')}`,
      examples: [
        { sender: 'alice', recipient: 'alice', message: 'A note to myself' },
        { sender: 'alice', recipient: 'bob', message: 'Hello, how are you?' },
        { sender: 'alice', recipient: 'room_1', message: 'Hello room!', client_id: '7f3c2a9e-1' },
      ],
    },
  ),
)
export type SendRequest = Static<typeof SendRequestSchema>

export const SendResultSchema = component(
  'SendResult',
  written(
    {
      message: ref(SentenceSchema),
      message_id: ref(MessageIdSchema),
      sent_at: ref(TimeSchema),
      client_id: Type.Optional(ref(ClientIdSchema)),
    },
    {
      description: 'The message has its place in the order.',
      examples: [
        { status: 'success', message: 'Message sent to bob.', message_id: 42, sent_at: '2026-11-22T12:00:00.000Z' },
      ],
    },
  ),
)
export type SendResult = Static<typeof SendResultSchema>

export const PollQuerySchema = Type.Object(
  {
    username: Type.Optional(ref(UsernameSchema)),
    last_id: Type.Optional(
      Type.Integer({
        format: 'int64',
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        default: 0,
        description: 'Only messages after this one: the `last_id` of the answer before.',
        examples: [0],
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: fixed.page.max,
        default: fixed.page.unpaged,
        description: 'How many messages at most.',
        examples: [100],
      }),
    ),
    wait: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: fixed.wait,
        default: 0,
        description: `Long poll: whole seconds to hold the answer until there is a message; ${fixed.hold} at most, whatever is asked for.`,
        examples: [0],
      }),
    ),
  },
  closed,
)
export type PollQuery = Static<typeof PollQuerySchema>

export const PollResultSchema = component(
  'PollResult',
  success(
    {
      messages: Type.Array(ref(MessageSchema), { description: 'Oldest first.' }),
      last_id: Type.Integer({
        format: 'int64',
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'What to ask with next; the `last_id` of the request if there is no message.',
      }),
      has_more: Type.Boolean({ description: 'Whether there are messages after these.' }),
    },
    {
      description: 'A page of messages. Ask again with its `last_id`.',
      examples: [
        {
          status: 'success',
          messages: [
            {
              id: 42,
              sender: 'alice',
              recipient: 'bob',
              message: 'Hello, how are you?',
              sent_at: '2026-11-22T12:00:00.000Z',
            },
          ],
          last_id: 42,
          has_more: false,
        },
      ],
    },
  ),
)

export const sendMessage = operation(
  {
    operationId: 'sendMessage',
    tag: 'Messages',
    summary: 'Send a message to a user or a room',
    description:
      'A direct message goes to a registered user: a guest who is online, or an account, which finds it later if it is away. A message to a room comes from a member. When the answer is success, the message has its place in the order and is not lost.',
    security: 'user',
    writes: true,
    failures: [
      'user_not_found',
      'room_not_found',
      'not_a_member',
      'client_id_reused',
      'storage_used_up',
      'not_caught_up',
    ],
    answers: 'The message is accepted.',
  },
  { body: ref(SendRequestSchema) },
  SendResultSchema,
)

export const pollMessages = operation(
  {
    operationId: 'pollMessages',
    tag: 'Messages',
    summary: 'Get messages since the last one seen',
    description:
      "The messages addressed to the user, and those of the rooms that the user is in now, the user's own among them. A direct message is seen here by its recipient alone. Ask again with the `last_id` of the answer; with `wait`, the answer is held until there is a message or the time is over, 45 seconds at most, so that proxies let it through.",
    security: 'user',
    writes: false,
    failures: ['user_not_found', 'too_many_connections'],
    answers: 'A page of messages, oldest first; empty if there are none.',
  },
  { querystring: PollQuerySchema },
  PollResultSchema,
)
