import { Type, type Static, type TProperties } from '@sinclair/typebox'
import { BoundsSchema } from './commands.js'
import { closed, oneOf } from './component.js'
import { kept } from './kept.js'
import { fixed } from './limits.js'
import { MessageSchema } from './message.js'

/**
 * What is kept of the state on disk: each user, room, member and message is a record, in the archive and, as a line of JSON,
 * in what `chatroom export` writes. Times are in ms since the epoch.
 */

const record = <T extends TProperties>(fields: T) => Type.Object(fields, closed)
const { count, number, time } = kept

/** What is not of one user, room or message. */
export const ServerRecordSchema = record({
  type: Type.Literal('server'),
  position: count('The position of the entry that all records have come to.'),
  time: time('The time of that entry.'),
  announcement: kept.announcement(),
  announced_instead_of: Type.Optional(
    kept.hash('SHA-256 of what the file says, base64url, where the announcement is another.'),
  ),
  clock_doubted_since: Type.Optional(time('Since then the clock may be ahead.')),
  latest_time: Type.Optional(time('The latest time that the clock has said while it was ahead.')),
  bounds: BoundsSchema,
  newest_user: count('The highest number that a user has had.'),
  newest_room: count('The highest number that a room has had.'),
  newest_message: count('The id of the newest message.'),
  expired: count('The newest message that has been deleted for its age, with all before; 0 if none has.'),
  keys_since: Type.Optional(
    count('Of no message up to this one is the `client_id` remembered in memory; 0 if it is left out.'),
  ),
  skipped: Type.Optional(
    record({ after: count('The newest message before.'), to: count('The last id that was passed over.') }),
  ),
  users: count('How many users there are.'),
  rooms: count('How many rooms there are.'),
  memberships: count('How many members all rooms have together.'),
})

export const UserRecordSchema = record({
  type: Type.Literal('user'),
  number: number('Never used twice.'),
  name: Type.String(),
  password_hash: Type.Optional(kept.passwordHash()),
  sessions: Type.Array(kept.hash('Of a token.'), {
    maxItems: fixed.anySessions,
    description: 'The SHA-256 of each token, base64url, oldest session first.',
  }),
  seen_at: time('When the user was last known to be active.'),
  seen_in: count('The position of the entry that noted it.'),
  newest: count('The newest direct message to the user; 0 if there was none.'),
  stored: Type.Optional(
    record({ day: count('Days since the epoch, UTC.'), bytes: count('What the user has stored on that day, about.') }),
  ),
})

export const RoomRecordSchema = record({
  type: Type.Literal('room'),
  number: number('Never used twice.'),
  name: Type.Optional(kept.roomName()),
  topic: Type.Optional(kept.roomTopic()),
  visibility: oneOf(['private', 'public']),
  retention: Type.Optional(kept.retention('Days after which messages are deleted.')),
  expired: count('The newest message of the room that has been deleted for that, with all before; 0 if none has.'),
  admin: number('The number of a user.'),
  maker: Type.Optional(
    number('The number of the user who made it, who may be gone; rooms of version 0.1.0 do not know.'),
  ),
  newest: count('The newest message of the room; 0 if there was none.'),
})

/** Records of members are in the order in which they have joined. */
export const MemberRecordSchema = record({
  type: Type.Literal('member'),
  room: number('The number of the room.'),
  user: number('The number of the user.'),
})

export const MessageRecordSchema = record({
  type: Type.Literal('message'),
  target: Type.Integer({
    minimum: -fixed.number,
    maximum: fixed.number,
    description: 'Whose it is: the number of the user to whom it went, or minus the number of the room.',
  }),
  sender: count('The number of the user who sent it; 0 for the server.'),
  sent_at: time('When it was accepted.'),
  client_id: Type.Optional(kept.clientId()),
  // Nothing beside it: what is stored is as large as what can be sent.
  message: Type.Object({ ...MessageSchema.properties, sender: kept.name(), message: kept.messageText() }, closed),
})

/** The answer to a send with a `client_id`, kept for more than a day. */
export const SentRecordSchema = record({
  type: Type.Literal('sent'),
  sender: count('The number of the user who sent it.'),
  client_id: kept.clientId(),
  message_id: count('What was answered.'),
  sent_at: time('What was answered.'),
  recipient: kept.name(),
  content_hash: kept.hash('What the client asked for, hashed.'),
})

export type ServerRecord = Static<typeof ServerRecordSchema>
export type UserRecord = Static<typeof UserRecordSchema>
export type RoomRecord = Static<typeof RoomRecordSchema>
export type MemberRecord = Static<typeof MemberRecordSchema>
export type MessageRecord = Static<typeof MessageRecordSchema>
export type SentRecord = Static<typeof SentRecordSchema>
