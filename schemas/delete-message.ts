import { Type, type Static } from '@sinclair/typebox'
import { closed, component, ref } from './component.js'
import { MessageParamsSchema, MessageResultSchema } from './edit-message.js'
import { at, durable } from './event.js'
import { kept } from './kept.js'
import { MessageFactsSchema } from './message-facts.js'
import { MessageSchema } from './message.js'
import { operation } from './operation.js'
import { UsernameSchema, whoSays } from './values.js'

const deleted = { id: 42, sender: 'alice', recipient: 'room_1', message: '', sent_at: at, deleted_at: at }

export const DeleteMessageQuerySchema = Type.Object({ username: Type.Optional(ref(UsernameSchema)) }, closed)
export type DeleteMessageQuery = Static<typeof DeleteMessageQuerySchema>

export const deleteMessage = operation(
  {
    operationId: 'deleteMessage',
    tag: 'Messages',
    summary: 'Delete what a message says',
    description: `Whoever has sent a message, or is the admin of its room, may delete its text: it is gone from memory and disk, and from backups that are made from then on. The message keeps its place and says \`deleted_at\`. Those who may read it are told by \`message.deleted\`. To delete it again changes nothing. ${whoSays()}`,
    security: 'user',
    writes: true,
    failures: ['user_not_found', 'message_not_found', 'not_allowed', 'changed_meanwhile'],
    answers: 'The text is gone.',
  },
  { querystring: DeleteMessageQuerySchema, params: MessageParamsSchema },
  MessageResultSchema,
)

export const DeleteMessageCommandSchema = Type.Object({
  type: Type.Literal('delete_message'),
  user: kept.number('Of the user who deletes it.'),
  message: kept.number('The id of a message.'),
  facts: MessageFactsSchema,
})

export const MessageDeletedEventSchema = component(
  'MessageDeletedEvent',
  durable(
    'message.deleted',
    { message: ref(MessageSchema) },
    'A message says nothing any more, to whoever may read it. It has its place still, without its text.',
    { message: deleted },
  ),
)
