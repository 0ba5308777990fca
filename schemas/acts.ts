import { ConversationMessagesSchema } from './conversation-messages.js'
import { DeleteMessageCommandSchema, MessageDeletedEventSchema } from './delete-message.js'
import {
  EditMessageCommandSchema,
  EditMessageRequestSchema,
  MessageEditedEventSchema,
  MessageResultSchema,
} from './edit-message.js'
import {
  EndedSessionsSchema,
  EndSessionsCommandSchema,
  ExpireSessionsCommandSchema,
  SessionIdSchema,
  SessionListSchema,
  SessionSchema,
  UseSessionCommandSchema,
} from './sessions.js'
import { MakeTicketCommandSchema, TicketResultSchema, UseTicketCommandSchema } from './tickets.js'
import { SetPasswordCommandSchema, UpdateUserRequestSchema, UserResultSchema, UserSchema } from './update-user.js'

/**
 * The schemas of the acts that have a file of their own: the commands by which they are logged, their events, and the
 * components of the published document. To add an act is to add its file to these.
 */

export const actCommands = [
  EditMessageCommandSchema,
  DeleteMessageCommandSchema,
  UseSessionCommandSchema,
  EndSessionsCommandSchema,
  ExpireSessionsCommandSchema,
  SetPasswordCommandSchema,
  MakeTicketCommandSchema,
  UseTicketCommandSchema,
] as const

export const actEvents = [MessageEditedEventSchema, MessageDeletedEventSchema] as const

export const actComponents = [
  EditMessageRequestSchema,
  MessageResultSchema,
  ConversationMessagesSchema,
  SessionIdSchema,
  SessionSchema,
  SessionListSchema,
  EndedSessionsSchema,
  UserSchema,
  UpdateUserRequestSchema,
  UserResultSchema,
  TicketResultSchema,
] as const
