import type { TSchema } from '@sinclair/typebox'
import { ErrorCodeSchema, ErrorDetailSchema, FailureSchema } from './errors.js'
import type { Limits } from './limits.js'
import { MessageSchema } from './message.js'
import { PollResponseSchema, SendRequestSchema, SendResponseSchema } from './messages.js'
import { CreateRoomRequestSchema, CreateRoomResponseSchema, LeaveRoomRequestSchema } from './rooms.js'
import { AnnouncementResponseSchema, HealthResponseSchema } from './system.js'
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
  AnnouncementResponseSchema,
  HealthResponseSchema,
]
