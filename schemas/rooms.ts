import { Type, type Static } from '@sinclair/typebox'
import { closed, component, ref } from './component.js'
import { fixed } from './limits.js'
import { operation } from './operation.js'
import { written } from './own-writes.js'
import { DoneResultSchema } from './users.js'
import {
  ParticipantsSchema,
  RetentionSchema,
  RoomIdSchema,
  SentenceSchema,
  UsernameSchema,
  VisibilitySchema,
  whoSays,
} from './values.js'

export const CreateRoomRequestSchema = component(
  'CreateRoomRequest',
  Type.Object(
    {
      admin: Type.Optional(ref(UsernameSchema)),
      participants: ref(ParticipantsSchema),
      name: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: fixed.roomName,
          format: 'text',
          description: 'What people call the room.',
          examples: ['Friends'],
        }),
      ),
      topic: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: fixed.roomTopic,
          format: 'text',
          description: 'What the room is about.',
          examples: ['What we do on Friday'],
        }),
      ),
      visibility: Type.Optional(ref(VisibilitySchema)),
      retention: Type.Optional(ref(RetentionSchema)),
    },
    {
      ...closed,
      description: `The room, and who is in it. ${whoSays('admin')}`,
      examples: [
        { admin: 'alice', participants: [] },
        { admin: 'alice', participants: ['bob', 'carol'] },
      ],
    },
  ),
)
export type CreateRoomRequest = Static<typeof CreateRoomRequestSchema>

export const CreateRoomResultSchema = component(
  'CreateRoomResult',
  written(
    { message: ref(SentenceSchema), room_id: ref(RoomIdSchema) },
    {
      description: 'The room that is there now.',
      examples: [{ status: 'success', message: 'Room 1 has been created.', room_id: 'room_1' }],
    },
  ),
)

export const LeaveRoomRequestSchema = component(
  'LeaveRoomRequest',
  Type.Object(
    { username: Type.Optional(ref(UsernameSchema)), room_id: ref(RoomIdSchema) },
    {
      ...closed,
      description: `Who leaves which room. ${whoSays()}`,
      examples: [{ username: 'alice', room_id: 'room_1' }],
    },
  ),
)

export const createRoom = operation(
  {
    operationId: 'createRoom',
    tag: 'Rooms',
    summary: 'Create a room',
    description:
      'Puts the admin and the participants into a new room, and posts a notice to it as `server`. `visibility` is `private` unless it says otherwise. With `retention`, messages are deleted after so many days.',
    security: 'user',
    writes: true,
    failures: [
      'user_not_found',
      'too_many_rooms',
      'too_many_participants',
      'room_full',
      'storage_used_up',
      'server_full',
    ],
    answers: 'The room is there.',
  },
  { body: ref(CreateRoomRequestSchema) },
  CreateRoomResultSchema,
)

export const leaveRoom = operation(
  {
    operationId: 'leaveRoom',
    tag: 'Rooms',
    summary: 'Leave a room',
    description:
      'The others read a notice. When the admin leaves, the member who has been in the room the longest becomes its admin; when the last member leaves, the room is gone.',
    security: 'user',
    writes: true,
    failures: ['user_not_found', 'room_not_found', 'not_a_member'],
    answers: 'The user is no longer in the room.',
  },
  { body: ref(LeaveRoomRequestSchema) },
  DoneResultSchema,
)
