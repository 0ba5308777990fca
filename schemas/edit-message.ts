import { Type, type Static } from '@sinclair/typebox'
import { closed, component, described, ref } from './component.js'
import { at, durable } from './event.js'
import { kept } from './kept.js'
import { MessageFactsSchema } from './message-facts.js'
import { MessageSchema } from './message.js'
import { operation } from './operation.js'
import { written } from './own-writes.js'
import { MessageIdSchema, MessageTextSchema, UsernameSchema, whoSays } from './values.js'

const edited = { id: 42, sender: 'alice', recipient: 'bob', message: 'Hello, Bob!', sent_at: at, edited_at: at }

export const EditMessageRequestSchema = component(
  'EditMessageRequest',
  Type.Object(
    { username: Type.Optional(ref(UsernameSchema)), message: ref(MessageTextSchema) },
    {
      ...closed,
      description: `What the message says from now on. ${whoSays()}`,
      examples: [{ username: 'alice', message: 'Hello, Bob!' }],
    },
  ),
)
export type EditMessageRequest = Static<typeof EditMessageRequestSchema>

export const MessageResultSchema = component(
  'MessageResult',
  written(
    { message: ref(MessageSchema) },
    { description: 'The message as it is now.', examples: [{ status: 'success', message: edited }] },
  ),
)
export type MessageResult = Static<typeof MessageResultSchema>

/** The first message is one that is there on a new server, too, when somebody tries it. */
export const MessageParamsSchema = Type.Object(
  { id: described(MessageIdSchema, { description: 'The id of the message.', examples: [1] }) },
  closed,
)

export const editMessage = operation(
  {
    operationId: 'editMessage',
    tag: 'Messages',
    summary: 'Change what a message says',
    description:
      'Whoever has sent a message may change its text, as long as the message can be read: nobody sees the one before from then on. Those who may read it are told by `message.edited`; a poll does not give it again.',
    security: 'user',
    writes: true,
    failures: ['user_not_found', 'message_not_found', 'not_allowed', 'changed_meanwhile', 'storage_used_up'],
    answers: 'The message is changed.',
  },
  { body: ref(EditMessageRequestSchema), params: MessageParamsSchema },
  MessageResultSchema,
)

export const EditMessageCommandSchema = Type.Object({
  type: Type.Literal('edit_message'),
  user: kept.number('Of the user who edits.'),
  message: kept.number('The id of a message.'),
  text: kept.messageText(),
  facts: MessageFactsSchema,
})

export const MessageEditedEventSchema = component(
  'MessageEditedEvent',
  durable(
    'message.edited',
    { message: ref(MessageSchema) },
    'A message says something else, to whoever may read it. It is as it is now, also where it has been changed again since.',
    { message: edited },
  ),
)
