import { ConversationMessagesSchema } from './conversation-messages.js'
import { DeleteMessageCommandSchema, MessageDeletedEventSchema } from './delete-message.js'
import {
  EditMessageCommandSchema,
  EditMessageRequestSchema,
  MessageEditedEventSchema,
  MessageResultSchema,
} from './edit-message.js'

/**
 * The schemas of the acts that have a file of their own: the commands by which they are logged, their events, and the
 * components of the published document. To add an act is to add its file to these.
 */

export const actCommands = [EditMessageCommandSchema, DeleteMessageCommandSchema] as const

export const actEvents = [MessageEditedEventSchema, MessageDeletedEventSchema] as const

export const actComponents = [EditMessageRequestSchema, MessageResultSchema, ConversationMessagesSchema] as const
