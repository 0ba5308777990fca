import type { TSchema } from '@sinclair/typebox'
import { ErrorCodeSchema, ErrorDetailSchema, FailureSchema } from './errors.js'
import { EventSchema, eventSchemas, PresenceSchema, RoomSchema, UserPresenceSchema } from './events.js'
import type { Limits } from './limits.js'
import { EventsResponseSchema, TypingRequestSchema } from './live.js'
import { MessageSchema } from './message.js'
import { PollResponseSchema, SendRequestSchema, SendResponseSchema } from './messages.js'
import { CreateRoomRequestSchema, CreateRoomResponseSchema, LeaveRoomRequestSchema } from './rooms.js'
import { AnnouncementRequestSchema, AnnouncementResponseSchema, HealthResponseSchema } from './system.js'
import {
  DoneResponseSchema,
  LoginRequestSchema,
  LogoutRequestSchema,
  OnlineResponseSchema,
  RegisterRequestSchema,
  SessionResponseSchema,
} from './users.js'
import {
  ClientIdSchema,
  EventIdSchema,
  limited,
  MessageIdSchema,
  RecipientSchema,
  RetentionSchema,
  RoomIdSchema,
  SenderSchema,
  SentenceSchema,
  TimeSchema,
  TokenSchema,
  UsernameSchema,
  VisibilitySchema,
} from './values.js'

/** Every component of the published document, with the bounds of this server. */
export const components = (limits: Limits): TSchema[] => [
  UsernameSchema,
  RoomIdSchema,
  RecipientSchema,
  SenderSchema,
  MessageIdSchema,
  TimeSchema,
  ClientIdSchema,
  EventIdSchema,
  TokenSchema,
  SentenceSchema,
  VisibilitySchema,
  RetentionSchema,
  ...limited(limits),
  MessageSchema,
  ErrorCodeSchema,
  ErrorDetailSchema,
  FailureSchema,
  RegisterRequestSchema,
  LoginRequestSchema,
  LogoutRequestSchema,
  SessionResponseSchema,
  DoneResponseSchema,
  OnlineResponseSchema,
  SendRequestSchema,
  SendResponseSchema,
  PollResponseSchema,
  CreateRoomRequestSchema,
  CreateRoomResponseSchema,
  LeaveRoomRequestSchema,
  RoomSchema,
  PresenceSchema,
  UserPresenceSchema,
  ...eventSchemas,
  EventSchema,
  EventsResponseSchema,
  TypingRequestSchema,
  AnnouncementRequestSchema,
  AnnouncementResponseSchema,
  HealthResponseSchema,
]
