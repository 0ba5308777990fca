import { Type, type Static } from '@sinclair/typebox'
import { component, oneOfSoFar, ref } from './component.js'
import { fixed } from './limits.js'

interface Failing {
  /** The HTTP status that carries it. */
  readonly status: number
  /** Whether the same request may succeed later without being changed. */
  readonly retry: boolean
  /** Whether it is for what users, rooms and messages are at the moment: on a node that is behind, it may be wrong. */
  readonly ofState: boolean
  /** When it applies; shown in the OpenAPI document and in the README. */
  readonly when: string
}

const failing = (status: number, when: string): Failing => ({ status, when, retry: false, ofState: false })
const refused = (status: number, when: string): Failing => ({ status, when, retry: false, ofState: true })
const temporary = (status: number, when: string): Failing => ({ status, when, retry: true, ofState: false })

/** Every failure that the server can answer, in one place. The codes are part of the contract. */
export const errors = {
  invalid_request: failing(400, 'The input does not fit the schema; `details` says where and why.'),
  malformed_json: failing(400, 'The body is empty, is not JSON, or is not UTF-8.'),
  username_reserved: failing(
    400,
    'The username is `server` or begins with `room_`, which belong to the server, or looks as if it did.',
  ),
  bad_request: failing(400, 'The request is not valid HTTP, or its path cannot be decoded.'),
  token_required: refused(
    401,
    'The name belongs to an account, or the server asks everybody for a token, and the request has none.',
  ),
  invalid_token: refused(401, 'The token is not one that the server gave out, or its session has ended.'),
  token_expired: refused(
    401,
    'The session of the token was not used for longer than `CHATROOM_SESSION_TTL`. Log in again; the token is of no use any more.',
  ),
  invalid_ticket: refused(
    401,
    `The ticket is not one that the server gave out, was used before, or is older than ${fixed.ticket.age} seconds. Get another one.`,
  ),
  session_not_found: refused(404, 'The user has no session with that id.'),
  bad_credentials: refused(401, 'There is no account of that name, or the password is not its password.'),
  operator_required: failing(401, 'This is for the operator, whose token is `CHATROOM_OPERATOR_TOKEN`.'),
  not_your_name: refused(403, 'The token belongs to another user than the one that the request acts as.'),
  not_a_member: refused(403, 'The user is not a member of the room.'),
  not_allowed: refused(403, 'The user may not do that there; `message` says who may.'),
  registration_closed: failing(
    403,
    'The server takes no new names of that kind, guests or accounts; `CHATROOM_REGISTRATION` says which it takes.',
  ),
  origin_not_allowed: failing(403, 'The page is of an origin that `CHATROOM_CORS_ORIGIN` does not name.'),
  not_found: failing(404, 'There is nothing at this path.'),
  user_not_found: refused(404, 'Nobody is registered under that username; a guest who has logged out is gone.'),
  message_not_found: refused(
    404,
    'There is no such message, or it is not for the user; one that is deleted cannot be changed.',
  ),
  room_not_found: refused(404, 'There is no room with that id; a room that its last member has left is gone.'),
  method_not_allowed: failing(405, 'The path exists, but not with this method; `Allow` lists those that it has.'),
  request_timeout: temporary(408, 'The request did not arrive in time.'),
  username_taken: refused(409, 'The username, or one that differs only in case or form, is in use.'),
  client_id_reused: refused(409, 'The `client_id` has been used by this user for a message with other content.'),
  changed_meanwhile: temporary(409, 'The message was being changed by others at the same moment, again and again.'),
  too_many_rooms: refused(
    409,
    'The user has made as many rooms as the server allows, or another is in as many rooms of others.',
  ),
  too_many_participants: refused(
    409,
    'The rooms that the user made would have more members together than the server allows; a guest may have fewer than an account.',
  ),
  room_full: refused(409, 'The room would have more members than the server allows.'),
  payload_too_large: failing(413, 'The body is larger than the server accepts.'),
  uri_too_long: failing(414, 'A part of the path is longer than the server accepts.'),
  unsupported_media_type: failing(
    415,
    'The body is not declared as `application/json`, or comes in a coding or a charset that is not read.',
  ),
  unknown_host: failing(421, 'The server is not asked by that name; `CHATROOM_HOSTS` says by which it is.'),
  upgrade_required: failing(426, 'This is a WebSocket; connect to it with one.'),
  too_many_connections: temporary(429, 'The user, or the address, has as many live connections as the server allows.'),
  rate_limited: temporary(
    429,
    'Too many requests of this client, or too many of its reads wait; `Retry-After` says how many seconds to wait.',
  ),
  storage_used_up: temporary(
    429,
    'The user has stored as many bytes as the server allows for a day; `Retry-After` says how many seconds the day (UTC) has left.',
  ),
  headers_too_large: failing(431, 'The headers, the path included, are larger than the server accepts.'),
  internal_error: temporary(
    500,
    'The server has failed; its log has the reason under the `x-request-id` of the answer.',
  ),
  server_full: refused(503, 'The server has as many users, or its rooms as many members, as it allows.'),
  log_unavailable: temporary(503, 'The server cannot write just now; what was asked has not happened. Reads go on.'),
  outcome_unknown: temporary(
    503,
    'The server has not learnt in time whether what was asked has happened. It may have: send a message again with the same `client_id`, and it is stored once.',
  ),
  not_caught_up: temporary(
    503,
    `This node has not come to the \`after_event_id\` of the request within ${fixed.catchUp} seconds. Ask again, or ask another node.`,
  ),
  shutting_down: temporary(503, 'The server is stopping; ask again, or ask another one.'),
} as const satisfies Record<string, Failing>

export type ErrorCode = keyof typeof errors

export const errorCodes = Object.keys(errors) as ErrorCode[]

export const ErrorCodeSchema = component(
  'ErrorCode',
  oneOfSoFar(errorCodes, {
    description: [
      'What went wrong, for programs. Codes are never renamed; later versions have more. Treat one that you do not know by the HTTP status.',
      ...errorCodes.map((code) => `- \`${code}\`: ${errors[code].when}`),
    ].join('\n'),
    examples: ['room_not_found'],
  }),
)

export const ErrorDetailSchema = component(
  'ErrorDetail',
  Type.Object(
    {
      path: Type.String({
        format: 'json-pointer',
        description:
          'Where in the input, as a JSON Pointer (RFC 6901) that begins with `/body`, `/query`, `/params` or `/frame`.',
      }),
      message: Type.String({ description: 'What is wrong there, for people.' }),
    },
    {
      description: 'One place in the input that does not fit the schema.',
      examples: [{ path: '/body/message', message: 'must not be blank' }],
    },
  ),
)

export const FailureSchema = component(
  'Failure',
  Type.Object(
    {
      status: Type.Literal('fail', { description: 'Tells a failure from a success.' }),
      code: ref(ErrorCodeSchema),
      message: Type.String({ description: 'What was wrong and what would be right, for people.' }),
      details: Type.Optional(
        Type.Array(ref(ErrorDetailSchema), { description: 'With `invalid_request`: each place that does not fit.' }),
      ),
    },
    {
      description:
        "A failure. The server's state is as it was before the request, except that nobody knows it after `outcome_unknown`.",
      examples: [{ status: 'fail', code: 'room_not_found', message: 'There is no room "room_7".' }],
    },
  ),
)

export type Failure = Static<typeof FailureSchema>
