import { Type, type Static } from '@sinclair/typebox'
import { closed, component, described, ref, success } from './component.js'
import { fixed } from './limits.js'
import { MessageSchema } from './message.js'
import { operation } from './operation.js'
import { MessageIdSchema, RecipientSchema, UsernameSchema, whoSays } from './values.js'

/** One of them alone may be given, so one alone is filled in where somebody tries it. */
const id = (description: string, ...examples: number[]) =>
  Type.Optional(described(MessageIdSchema, { description, ...(examples.length > 0 && { examples }) }))

export const ConversationParamsSchema = Type.Object({ recipient: ref(RecipientSchema) }, closed)

export const ConversationQuerySchema = Type.Object(
  {
    username: Type.Optional(ref(UsernameSchema)),
    before_id: id('Only messages before this one: the newest of those.', 42),
    after_id: id('Only messages after this one: the oldest of those.'),
    around_id: id('This message, and as many before it as after it.'),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: fixed.page.max,
        default: fixed.page.default,
        description: 'How many messages at most.',
        examples: [50],
      }),
    ),
  },
  closed,
)
export type ConversationQuery = Static<typeof ConversationQuerySchema>

export const ConversationMessagesSchema = component(
  'ConversationMessages',
  success(
    {
      messages: Type.Array(ref(MessageSchema), { description: 'Oldest first.' }),
      has_more: Type.Boolean({
        description: 'Whether there are more in the direction that was asked for: older ones, but for `after_id`.',
      }),
      has_newer: Type.Optional(Type.Boolean({ description: 'With `around_id`: whether there are newer ones, too.' })),
    },
    {
      description: 'A page of a conversation.',
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
          has_more: false,
        },
      ],
    },
  ),
)

export const listConversationMessages = operation(
  {
    operationId: 'listConversationMessages',
    tag: 'Messages',
    summary: 'Read back in a conversation',
    description: `The messages of a room, or what the user and another user have said to each other: the latest, without anything else. For older ones, ask with the id of the first as \`before_id\`; one of \`before_id\`, \`after_id\` and \`around_id\` at most. ${whoSays()}`,
    security: 'user',
    writes: false,
    failures: ['user_not_found', 'room_not_found', 'not_a_member'],
    answers: 'A page of messages, oldest first; empty if there are none.',
  },
  { querystring: ConversationQuerySchema, params: ConversationParamsSchema },
  ConversationMessagesSchema,
)
