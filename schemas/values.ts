import { Type, type TSchema } from '@sinclair/typebox'
import { component, oneOf, ref } from './component.js'
import { fixed, type Limits } from './limits.js'

/** The values that messages, rooms and users are made of. */

export const UsernameSchema = component(
  'Username',
  Type.String({
    minLength: 1,
    maxLength: fixed.usernameLength,
    format: 'username',
    description:
      'Letters and digits of any script, `.`, `_`, `-` and single inner spaces, in Unicode form NFC, at most 10 marks behind one letter. Two names that differ only in case or in compatibility form are the same name. Not `server`, and not beginning with `room_`, nor what looks like that.',
    examples: ['alice', 'Zoë', '李小龙'],
  }),
)

/** How an operation knows as whom it is asked. */
export const whoSays = (member = 'username'): string =>
  `The token says who asks; in open mode a guest may say its \`${member}\` instead.`

export const RoomIdSchema = component(
  'RoomId',
  Type.String({
    pattern: '^room_[1-9][0-9]{0,15}$',
    maxLength: 21,
    description: '`room_` and a number that is never used twice.',
    examples: ['room_1'],
  }),
)

export const RecipientSchema = component(
  'Recipient',
  Type.String({
    minLength: 1,
    maxLength: fixed.usernameLength,
    format: 'username',
    description: 'A username for a direct message, or a room id.',
    examples: ['alice', 'room_1'],
  }),
)

export const SenderSchema = component(
  'Sender',
  Type.String({ description: 'The username of the sender; `server` for a notice.', examples: ['alice', 'server'] }),
)

export const MessageIdSchema = component(
  'MessageId',
  Type.Integer({
    format: 'int64',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: `From 1, in the order in which the server accepted the messages. There are no gaps but one kind: after a backup has been brought back, ids go on ${fixed.skippedIds.toLocaleString('en')} later, so that none is used twice.`,
    examples: [42],
  }),
)

export const TimeSchema = component(
  'Time',
  Type.String({
    format: 'date-time',
    description: 'RFC 3339, UTC, with milliseconds.',
    examples: ['2026-11-22T12:00:00.000Z'],
  }),
)

export const ClientIdSchema = component(
  'ClientId',
  Type.String({
    minLength: 1,
    maxLength: fixed.clientIdLength,
    format: 'text',
    description:
      'Chosen by the client, to make a retry safe: a repeat by the same user with the same content answers what the first one did and sends nothing again; with other content it is 409 `client_id_reused`.',
    examples: ['7f3c2a9e-1'],
  }),
)

export const EventIdSchema = component(
  'EventId',
  Type.String({
    pattern: '^[A-Za-z0-9.-]+$',
    maxLength: 64,
    description: 'A cursor: a place in the order of events. To clients it is a text without meaning.',
    examples: ['5f0c2a1e-42'],
  }),
)

export const TokenSchema = component(
  'Token',
  Type.String({
    pattern: '^[A-Za-z0-9_-]{43}$',
    description:
      '256 random bits. Send it as `Authorization: Bearer …`. The server keeps only its SHA-256; nobody can show it again.',
    examples: ['qL8TnD0kQv3cBz5m1y7RfWx2JhGp9uEoSaKi4tNdMsA'],
  }),
)

/** A password that is set. */
export const newPassword = (description: string) =>
  Type.String({
    minLength: fixed.passwordLength.min,
    maxLength: fixed.passwordLength.max,
    format: 'well-formed',
    description,
  })

/** A password that is held to what was set: nothing is said of what that must be. */
export const knownPassword = (description: string) =>
  Type.String({ minLength: 1, maxLength: fixed.passwordLength.max, format: 'well-formed', description })

export const SentenceSchema = component(
  'Sentence',
  Type.String({ description: 'What has happened, for people.', examples: ['Done.'] }),
)

export const visibilities = ['private', 'public'] as const

export const VisibilitySchema = component(
  'Visibility',
  oneOf(visibilities, {
    description: 'Kept with the room; today every room has those alone who were put into it.',
    examples: ['private'],
  }),
)

export const RetentionSchema = component(
  'Retention',
  Type.Integer({
    minimum: 1,
    maximum: fixed.retention,
    description: 'Days after which messages are deleted. Where the server keeps them for less, that holds.',
    examples: [30],
  }),
)

export const MessageTextSchema = component(
  'MessageText',
  Type.String({
    minLength: 1,
    maxLength: 4000,
    format: 'text',
    description: 'Not blank; no control characters other than newline and tab; at most 10 marks behind one letter.',
    examples: ['Hello, how are you?'],
  }),
)

export const ParticipantsSchema = component(
  'Participants',
  // That the type stands beside the reference lets Ajv compare by a table; without it, each is compared with each.
  Type.Array(Type.Unsafe<string>({ ...ref(UsernameSchema), type: 'string' }), {
    uniqueItems: true,
    maxItems: 2000,
    description: 'Who is put into the room beside the admin, as usernames.',
    examples: [['bob', 'carol']],
  }),
)

/** The values whose bounds are settings, with the bounds of this server. */
export const limited = (limits: Limits): TSchema[] => [
  { ...MessageTextSchema, maxLength: limits.messageLength },
  { ...ParticipantsSchema, maxItems: limits.participants },
]
