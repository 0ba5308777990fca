import { Type, type Static } from '@sinclair/typebox'
import { component, ref } from './component.js'
import { ClientIdSchema, MessageIdSchema, RecipientSchema, SenderSchema, TimeSchema } from './values.js'

export const MessageSchema = component(
  'Message',
  Type.Object(
    {
      id: ref(MessageIdSchema),
      sender: ref(SenderSchema),
      recipient: ref(RecipientSchema),
      message: Type.String({ description: 'The text.' }),
      sent_at: ref(TimeSchema),
      client_id: Type.Optional(ref(ClientIdSchema)),
      edited_at: Type.Optional(ref(TimeSchema)),
      deleted_at: Type.Optional(ref(TimeSchema)),
    },
    {
      description:
        'A message as its readers see it. `client_id` is there for its sender alone, `edited_at` if its text has been changed, `deleted_at` if it has been deleted: then there is no text any more.',
      examples: [
        {
          id: 42,
          sender: 'alice',
          recipient: 'bob',
          message: 'Hello, how are you?',
          sent_at: '2026-11-22T12:00:00.000Z',
        },
      ],
    },
  ),
)

export type Message = Static<typeof MessageSchema>
