import { Type, type Static } from '@sinclair/typebox'
import { actCommands } from './acts.js'
import { by } from './by.js'
import { oneOf } from './component.js'
import { kept } from './kept.js'
import { fixed } from './limits.js'

/**
 * What the log holds: each thing that changes the state. Users and rooms are meant by number, so that a command never
 * reaches the next holder of a name. All that is not determined by the commands before comes inside: tokens, hashes,
 * and the time, which the log puts beside the command.
 */

/**
 * The version of this vocabulary. It goes up by one with each release in which a command is new, has a new property, or means
 * something else: a server that knows an older one then stops before such a command, and says which version to start.
 */
export const vocabulary = 2

const user = kept.number('Of a user.')
const room = kept.number('Of a room.')
const tokenHash = kept.tokenHash()

const bound = (description?: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, ...(description !== undefined && { description }) })

/** The bounds on what strangers can fill. They are in the log, so that every replay decides as the first time. */
export const BoundsSchema = Type.Object({
  users: bound(),
  sessions_per_user: bound(),
  rooms_per_user: bound('Rooms that a user may be in: all, or those that it made where the next is said.'),
  rooms_of_others: Type.Optional(
    bound(
      'Rooms made by others that a user may be in. Where it is said, rooms know who made them; logs that 0.1.0 wrote are without.',
    ),
  ),
  participants_per_user: Type.Optional(bound('Others that may be in the rooms that an account made, all together.')),
  participants_per_guest: Type.Optional(bound('The same of a guest.')),
  bytes_per_day: Type.Optional(
    bound('That a user may store on a day (UTC); where it is 0 or not said, none are counted.'),
  ),
  room_members: bound(),
  memberships: bound('Of all rooms together.'),
  idempotency_keys: bound('The latest messages whose `client_id` is looked at.'),
})

export type Bounds = Static<typeof BoundsSchema>

export const CommandSchema = Type.Union([
  ...actCommands,
  Type.Object({ type: Type.Literal('configure'), bounds: BoundsSchema }),
  Type.Object({
    type: Type.Literal('register'),
    username: kept.name(),
    token_hash: tokenHash,
    password_hash: Type.Optional(kept.passwordHash()),
    device: Type.Optional(kept.device()),
    idle_before: Type.Optional(
      Type.Number({ description: 'A guest of that name not seen since this time (ms) makes way.' }),
    ),
  }),
  Type.Object({
    type: Type.Literal('open_session'),
    user,
    token_hash: tokenHash,
    device: Type.Optional(kept.device()),
  }),
  Type.Object({ type: Type.Literal('close_session'), user, token_hash: tokenHash }),
  Type.Object({ type: Type.Literal('remove_guest'), user }),
  Type.Object({ type: Type.Literal('touch'), user }, { description: 'The user was active; written rarely.' }),
  Type.Object({
    type: Type.Literal('expire_guests'),
    idle_before: Type.Number({ description: 'Guests not seen since this time (ms) go.' }),
    at_most: Type.Integer(),
  }),
  Type.Object({
    type: Type.Literal('send'),
    sender: user,
    to_user: Type.Optional(user),
    to_room: Type.Optional(room),
    text: kept.messageText(),
    client_id: Type.Optional(kept.clientId()),
    content_hash: Type.Optional(kept.hash('With client_id: what the client asked for, hashed.')),
    looked_to: Type.Optional(
      kept.count('With client_id: the newest message that was known where it was looked whether it had been used.'),
    ),
  }),
  Type.Object({
    type: Type.Literal('create_room'),
    admin: user,
    participants: Type.Array(user, { maxItems: fixed.anyMembers }),
    name: Type.Optional(kept.roomName()),
    topic: Type.Optional(kept.roomTopic()),
    visibility: oneOf(['private', 'public']),
    retention: Type.Optional(kept.retention('Days.')),
  }),
  Type.Object({ type: Type.Literal('leave_room'), user, room }),
  Type.Object(
    {
      type: Type.Literal('leave_rooms'),
      user,
      at_most: Type.Integer({ description: 'So many rooms, those first in which the user has been longest.' }),
      idle_before: Type.Optional(
        Type.Number({ description: 'Only if the user has not been seen since this time (ms).' }),
      ),
    },
    { description: 'Before a guest goes who is in so much that all of it at once would take long.' },
  ),
  Type.Object({
    type: Type.Literal('expire_messages'),
    up_to: kept.count('The id of the newest message that goes.'),
    retention: Type.Optional(
      kept.retention('Only in the rooms that keep messages for so many days; everywhere without it.'),
    ),
  }),
  Type.Object({
    type: Type.Literal('announce'),
    by,
    text: kept.announcement(),
    instead_of: Type.Optional(
      kept.hash(
        'SHA-256 of what the file says, base64url, which could not be written: the text stays as long as it says that.',
      ),
    ),
  }),
  Type.Object(
    {
      type: Type.Literal('judge_clock'),
      doubted_since: Type.Optional(kept.time('The latest time that is surely right; without it, the clock is right.')),
      time: Type.Optional(kept.time('To what time goes back: it had been ahead.')),
    },
    { description: "What the server thinks of its machine's clock, where that has leapt." },
  ),
  Type.Object(
    { type: Type.Literal('skip_ids'), count: kept.count('How many.') },
    { description: 'Ids of messages, rooms and users go on behind so many that the chat may have given elsewhere.' },
  ),
])

export type Command = Static<typeof CommandSchema>
export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>
