import { Type, type Static, type TProperties } from '@sinclair/typebox'
import { BoundsSchema } from './commands.js'
import { closed, oneOf } from './component.js'
import { kept } from './kept.js'
import { fixed } from './limits.js'
import { MessageSchema } from './message.js'

/**
 * What is kept of the state on disk: the rows of its tables, messages, and what is said of all of it. They are in the archive
 * and, each as a line of JSON, in what `chatroom export` writes. Times are in ms since the epoch.
 */

const row = <T extends TProperties>(fields: T) => Type.Object(fields, closed)
const { count, number, time } = kept

/** What is not of one thing. */
export const ServerRecordSchema = row({
  position: count('The position of the entry that all rows have come to.'),
  time: time('The time of that entry.'),
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
    row({ after: count('The newest message before.'), to: count('The last id that was passed over.') }),
  ),
  forgotten: Type.Optional(
    count('The position of the latest entry that has deleted a text: the log may not have what is before.'),
  ),
  rows: Type.Record(Type.String(), count('How many rows a table has.'), {
    description: 'Of the tables that are in memory as a whole.',
  }),
})

export const AnnouncementRowSchema = row({
  text: kept.announcement(),
  instead_of: Type.Optional(kept.hash('SHA-256 of what the file says, base64url, where the announcement is another.')),
})

export const UserRowSchema = row({
  number: number('Never used twice.'),
  name: Type.String(),
  password_hash: Type.Optional(kept.passwordHash()),
  seen_at: time('When the user was last known to be active.'),
  seen_in: count('The position of the entry that noted it.'),
  newest: count('The newest direct message to the user; 0 if there was none.'),
  stored: Type.Optional(
    row({ day: count('Days since the epoch, UTC.'), bytes: count('What the user has stored on that day, about.') }),
  ),
})

export const SessionRowSchema = row({
  token_hash: kept.tokenHash(),
  user: number('The number of the user.'),
  opened_at: Type.Optional(time('When it was opened; sessions of version 0.2.0 do not know.')),
  used_at: Type.Optional(time('When it was last known to be used.')),
  used_in: Type.Optional(count('The position of the entry that noted it.')),
  device: Type.Optional(kept.device()),
  tickets: Type.Optional(
    Type.Array(row({ hash: kept.hash('SHA-256 of the ticket, base64url.'), made_at: time('When it was made.') }), {
      maxItems: fixed.ticket.perSession,
    }),
  ),
})

export const RoomRowSchema = row({
  number: number('Never used twice.'),
  name: Type.Optional(kept.roomName()),
  topic: Type.Optional(kept.roomTopic()),
  visibility: oneOf(['private', 'public']),
  retention: Type.Optional(kept.retention('Days after which messages are deleted.')),
  maker: Type.Optional(
    number('The number of the user who made it, who may be gone; rooms of version 0.1.0 do not know.'),
  ),
  newest: count('The newest message of the room; 0 if there was none.'),
  expired: count('The newest message of the room that has been deleted for that, with all before; 0 if none has.'),
})

/** Rows of members are in the order in which they have joined. */
export const MemberRowSchema = row({
  room: number('The number of the room.'),
  user: number('The number of the user.'),
  role: oneOf(['admin', 'member']),
  since: time('Since when; 0 where that is not known.'),
})

/** The answer to a send with a `client_id`, kept for more than a day. */
export const SentRowSchema = row({
  sender: count('The number of the user who sent it.'),
  client_id: kept.clientId(),
  message_id: count('What was answered.'),
  sent_at: time('What was answered.'),
  recipient: kept.name(),
  content_hash: kept.hash('What the client asked for, hashed.'),
})

/** Which message was changed by which entry: the latest of them. */
export const MessageChangeRowSchema = row({
  message: number('The id of the message.'),
  position: number('That of the entry.'),
})

/** A message, as an export has it. */
export const MessageRecordSchema = row({
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

export type ServerRecord = Static<typeof ServerRecordSchema>
export type AnnouncementRow = Static<typeof AnnouncementRowSchema>
export type UserRow = Static<typeof UserRowSchema>
export type SessionRow = Static<typeof SessionRowSchema>
export type RoomRow = Static<typeof RoomRowSchema>
export type MemberRow = Static<typeof MemberRowSchema>
export type MessageChangeRow = Static<typeof MessageChangeRowSchema>
export type SentRow = Static<typeof SentRowSchema>
export type MessageRecord = Static<typeof MessageRecordSchema>
