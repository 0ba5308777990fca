interface Closing {
  /** RFC 6455 section 7.4: the code of the close frame. */
  readonly code: number
  /** When it applies; shown in the AsyncAPI document and in the README. */
  readonly when: string
}

const closing = (code: number, when: string): Closing => ({ code, when })

/** Codes below this, among those from 4000 on, say: come back with your cursor. The others: do not. */
const firstFinal = 4500

/** Why the server closes a live connection. The codes are part of the contract; the name is the reason in the close frame. */
export const closeCodes = {
  going_down: closing(4000, 'The server is stopping.'),
  slow_reader: closing(4001, 'More waits for the client than the server keeps for a connection.'),
  no_heartbeat: closing(4002, 'The client has answered nothing for two heartbeats.'),
  server_error: closing(4003, 'The server has failed; its log has the reason.'),
  renewed: closing(
    4004,
    'A stream has lasted as long as `CHATROOM_STREAM_AGE` says; a client that is there comes back at once.',
  ),
  session_ended: closing(4500, 'The session of the token has ended, or the name is asked for a token now.'),
  user_removed: closing(4501, 'The guest has logged out, or was idle for too long.'),
  too_many_frames: closing(4502, 'The client has sent more frames a second than `CHATROOM_FRAME_RATE` allows.'),
} as const satisfies Record<string, Closing>

export type CloseReason = keyof typeof closeCodes

/** Those of RFC 6455 section 7.4.1: a client needs no more of them than which they are. */
const protocolCodes = [1002, 1003, 1007, 1008, 1009] as const

/** What the WebSocket protocol itself closes with. */
export const protocolCloseCodes: Readonly<Record<(typeof protocolCodes)[number], string>> = {
  1002: 'A frame is not what RFC 6455 says.',
  1003: 'A frame is binary; frames are JSON text.',
  1007: 'A frame is not UTF-8.',
  1008: 'A message came in more fragments, or a frame in more and smaller parts, than the server puts together.',
  1009: 'A frame, or a message of several, is larger than `CHATROOM_FRAME_LIMIT`.',
}

/**
 * Whether a client is to come back with its cursor after this code: not where it would only be closed again. A connection
 * that breaks without a code, or that a proxy closes, is one to come back from.
 */
export const mayComeBack = (code: number): boolean => code < firstFinal && !protocolCodes.some((one) => one === code)
