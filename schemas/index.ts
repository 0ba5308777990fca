import type { TSchema } from '@sinclair/typebox'
import { actComponents } from './acts.js'
import { ErrorCodeSchema, ErrorDetailSchema, FailureSchema } from './errors.js'
import {
  EventSchema,
  eventSchemas,
  PresenceStateSchema,
  RoomPresenceSchema,
  RoomSchema,
  UnknownEventSchema,
  UserPresenceSchema,
} from './events.js'
import type { Limits } from './limits.js'
import { EventsResultSchema, TypingRequestSchema } from './live.js'
import { MessageSchema } from './message.js'
import { PollResultSchema, SendRequestSchema, SendResultSchema } from './messages.js'
import { CreateRoomRequestSchema, CreateRoomResultSchema, LeaveRoomRequestSchema } from './rooms.js'
import {
  AnnouncementRequestSchema,
  AnnouncementResultSchema,
  HealthResultSchema,
  ReadinessResultSchema,
} from './system.js'
import {
  DoneResultSchema,
  LoginRequestSchema,
  LogoutRequestSchema,
  OnlineResultSchema,
  RegisterRequestSchema,
  SessionResultSchema,
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
  SessionResultSchema,
  DoneResultSchema,
  OnlineResultSchema,
  SendRequestSchema,
  SendResultSchema,
  PollResultSchema,
  ...actComponents,
  CreateRoomRequestSchema,
  CreateRoomResultSchema,
  LeaveRoomRequestSchema,
  RoomSchema,
  PresenceStateSchema,
  UserPresenceSchema,
  RoomPresenceSchema,
  ...eventSchemas,
  UnknownEventSchema,
  EventSchema,
  EventsResultSchema,
  TypingRequestSchema,
  AnnouncementRequestSchema,
  AnnouncementResultSchema,
  HealthResultSchema,
  ReadinessResultSchema,
]
