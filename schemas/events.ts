import { Type, type Static } from '@sinclair/typebox'
import { closeCodes } from './close-codes.js'
import { actEvents } from './acts.js'
import { component, oneOfSoFar, ref } from './component.js'
import { at, durable, eventId, passing } from './event.js'
import { MessageSchema } from './message.js'
import { EventIdSchema, RecipientSchema, RoomIdSchema, TimeSchema, UsernameSchema, visibilities } from './values.js'

/** What clients are told live. Every transport carries the same. */

export const RoomSchema = component(
  'Room',
  Type.Object(
    {
      room_id: ref(RoomIdSchema),
      name: Type.Optional(Type.String({ description: 'What people call the room.', examples: ['Friends'] })),
      topic: Type.Optional(Type.String({ description: 'What the room is about.', examples: ['What we do on Friday'] })),
      visibility: oneOfSoFar(visibilities, { description: 'Who may find and join the room.', examples: ['private'] }),
      admin: ref(UsernameSchema),
      member_count: Type.Integer({ minimum: 1, description: 'How many are in the room.', examples: [3] }),
    },
    {
      description: 'A room as its members see it.',
      examples: [{ room_id: 'room_1', visibility: 'private', admin: 'alice', member_count: 3 }],
    },
  ),
)
export type Room = Static<typeof RoomSchema>

export const RoomPresenceSchema = component(
  'RoomPresence',
  Type.Object(
    {
      room_id: ref(RoomIdSchema),
      connected: Type.Integer({
        minimum: 0,
        description: 'How many members of the room are connected.',
        examples: [9876],
      }),
    },
    {
      description: 'A large room, and how many of its members are connected.',
      examples: [{ room_id: 'room_1', connected: 9876 }],
    },
  ),
)

export const HelloEventSchema = component(
  'HelloEvent',
  durable(
    'hello',
    {
      username: ref(UsernameSchema),
      heartbeat_seconds: Type.Integer({
        minimum: 1,
        description: 'The pace of the heartbeat. Where nothing comes for two of them, the connection is dead.',
        examples: [15],
      }),
      connected: Type.Array(ref(UsernameSchema), {
        description:
          'Who is connected now, of those of whom `presence` is told; all others of them are not. Of a user who is in very many rooms, not all of these are looked at.',
        examples: [['alice']],
      }),
      rooms: Type.Array(ref(RoomPresenceSchema), {
        description: 'How many are connected in the rooms of more than 100 members, as it was told last.',
      }),
    },
    'The first event of a connection, whether it is the first or the client has come back. It goes on behind `event_id`.',
    { username: 'bob', heartbeat_seconds: 15, connected: ['alice'], rooms: [] },
  ),
)

export const ResyncEventSchema = component(
  'ResyncEvent',
  durable(
    'resync',
    {},
    'The cursor is too old, or of a log that is gone: events are missing. Read what you show anew, by `GET /messages` from the last message that you have; the connection goes on behind `event_id`.',
    {},
  ),
)

export const MessageCreatedEventSchema = component(
  'MessageCreatedEvent',
  durable(
    'message.created',
    { message: ref(MessageSchema) },
    'A message, to whoever may read it: the members of the room; of a direct message, its recipient and, on all devices, its sender.',
    { message: { id: 42, sender: 'alice', recipient: 'bob', message: 'Hello, how are you?', sent_at: at } },
  ),
)

export const RoomCreatedEventSchema = component(
  'RoomCreatedEvent',
  durable('room.created', { room: ref(RoomSchema) }, 'A room, to all who were put into it.', {
    room: { room_id: 'room_1', visibility: 'private', admin: 'alice', member_count: 3 },
  }),
)

export const RoomUpdatedEventSchema = component(
  'RoomUpdatedEvent',
  durable(
    'room.updated',
    { room: ref(RoomSchema) },
    'A room that is not as it was, to its members: it has another admin, since the last one has left.',
    { room: { room_id: 'room_1', visibility: 'private', admin: 'bob', member_count: 2 } },
  ),
)

export const MemberLeftEventSchema = component(
  'MemberLeftEvent',
  durable(
    'member.left',
    { room_id: ref(RoomIdSchema), username: ref(UsernameSchema) },
    'Somebody has left a room: to the members, and to whoever has left, on all devices.',
    { room_id: 'room_1', username: 'alice' },
  ),
)

export const AnnouncementUpdatedEventSchema = component(
  'AnnouncementUpdatedEvent',
  durable(
    'announcement.updated',
    { announcement: Type.String({ description: 'The text of the announcement, without the white space around it.' }) },
    'The announcement has changed; to everybody.',
    { announcement: 'Welcome to ChatRoom.' },
  ),
)

/** How long somebody is held to be typing after the event, in seconds. */
export const typingSeconds = 6

export const TypingEventSchema = component(
  'TypingEvent',
  passing(
    'typing',
    {
      username: ref(UsernameSchema),
      recipient: ref(RecipientSchema),
      seconds: Type.Integer({
        minimum: 1,
        description: 'It is over after so long, unless there is another one. The server does not say that it is over.',
        examples: [typingSeconds],
      }),
    },
    'Somebody is typing: to the other members of the room, or to the recipient.',
    { username: 'alice', recipient: 'bob', seconds: typingSeconds },
  ),
)

export const PresenceStateSchema = component(
  'PresenceState',
  oneOfSoFar(['connected', 'disconnected'], {
    description: 'Whether the user has a live connection, or had one until a moment ago.',
    examples: ['connected'],
  }),
)

export const UserPresenceSchema = component(
  'UserPresence',
  Type.Object(
    { username: ref(UsernameSchema), presence: ref(PresenceStateSchema) },
    {
      description: 'A user, and whether the user is connected.',
      examples: [{ username: 'alice', presence: 'connected' }],
    },
  ),
)
export type UserPresence = Static<typeof UserPresenceSchema>

export const PresenceEventSchema = component(
  'PresenceEvent',
  passing(
    'presence',
    {
      users: Type.Array(ref(UserPresenceSchema), { description: 'Who has come or gone.' }),
      room_id: Type.Optional(ref(RoomIdSchema)),
      connected: Type.Optional(
        Type.Integer({ minimum: 0, description: 'How many members of the room are connected.', examples: [9876] }),
      ),
    },
    'Who has come or gone, gathered for a moment: to those who share a room with them, or have exchanged direct messages with them lately. Of a room of more than 100 members only the number is told, as `room_id` and `connected`.',
    { users: [{ username: 'alice', presence: 'connected' }] },
  ),
)

export const ClosingEventSchema = component(
  'ClosingEvent',
  passing(
    'closing',
    {
      code: Type.Integer({
        description: 'The code that a WebSocket is closed with.',
        examples: [closeCodes.going_down.code],
      }),
      reason: Type.String({ description: 'Its name.', examples: ['going_down'] }),
      reconnect: Type.Boolean({ description: 'Whether to come back, with the cursor.' }),
    },
    'The last event of a stream that the server ends. A WebSocket says the same in its close frame instead.',
    { code: closeCodes.going_down.code, reason: 'going_down', reconnect: true },
  ),
)

/** Every event, in the order of the documents. */
export const eventSchemas = [
  HelloEventSchema,
  ResyncEventSchema,
  MessageCreatedEventSchema,
  ...actEvents,
  RoomCreatedEventSchema,
  RoomUpdatedEventSchema,
  MemberLeftEventSchema,
  AnnouncementUpdatedEventSchema,
  TypingEventSchema,
  PresenceEventSchema,
  ClosingEventSchema,
] as const

export type Event = Static<(typeof eventSchemas)[number]>

/**
 * What a client makes of an event that is younger than it. It is the last branch of an event, also by its name: some generated
 * clients take the first branch that fits, in the order of the alphabet.
 */
export const UnknownEventSchema = component(
  'UnknownEvent',
  Type.Object(
    {
      type: oneOfSoFar(
        eventSchemas.map(({ properties }) => properties.type.const),
        { description: 'Which event it is. Later versions have more types.', examples: ['message.pinned'] },
      ),
      event_id: Type.Optional(ref(EventIdSchema)),
      at: ref(TimeSchema),
    },
    {
      description:
        'An event of a type that the document does not have: from a server that is newer. Remember its `event_id`, if it has one, and pass over the rest.',
      examples: [{ type: 'message.pinned', event_id: eventId, at }],
    },
  ),
)

export const EventSchema = component(
  'Event',
  Type.Unsafe<Event>({
    anyOf: [...eventSchemas, UnknownEventSchema].map((schema) => ref(schema)),
    description:
      'What happens, as it is told live. Those with an `event_id` are in the log: come back with the latest as `last_event_id`, and you get all that came after it. Later versions have more types; to a client that does not know one it is an `UnknownEvent`.',
    examples: MessageCreatedEventSchema.examples as unknown[],
  }),
)
