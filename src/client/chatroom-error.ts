import { closeCodes, mayComeBack, type CloseReason } from '../../schemas/close-codes.js'
import type { ErrorFrame } from '../../schemas/frames.js'
import { statuses, temporary } from './contract/failures.js'
import type { components } from './contract/paths.js'
import type { ErrorCode } from './types.js'

type Failure = components['schemas']['Failure']

/** What the server cannot say. */
export type ClientErrorCode =
  /** There is no answer: the network or the server is gone. */
  | 'unreachable'
  /** An answer, but not one of ChatRoom: something between, or another server. */
  | 'unexpected_answer'
  /** A connection on which nothing came for two heartbeats, or no `hello` in time. */
  | 'silent'
  /** The server has closed the connection because of how the client speaks. */
  | 'protocol_error'
  /** More messages wait to be sent than the client keeps. */
  | 'queue_full'
  /** The client acts as somebody else than the one who listens. */
  | 'user_changed'

export type ChatRoomErrorCode = ErrorCode | CloseReason | ClientErrorCode

interface Circumstances extends ErrorOptions {
  readonly status?: number
  readonly details?: Failure['details'] | undefined
  readonly retryAfter?: number | undefined
  readonly temporary?: boolean
}

/** Why something could not be done. */
export class ChatRoomError extends Error {
  override readonly name = 'ChatRoomError'
  /** For programs; it is never renamed. */
  readonly code: ChatRoomErrorCode
  /** The HTTP status; of a live connection, what it was closed with; 0 without an answer. */
  readonly status: number
  /** With `invalid_request`: each place that does not fit. */
  readonly details: NonNullable<Failure['details']>
  /** Whether the same may succeed later, without being changed. */
  readonly temporary: boolean
  /** After so many seconds, if the server has said so. */
  readonly retryAfter: number | undefined

  constructor(code: ChatRoomErrorCode, message: string, circumstances: Circumstances = {}) {
    super(message, circumstances)
    this.code = code
    this.status = circumstances.status ?? 0
    this.details = circumstances.details ?? []
    this.retryAfter = circumstances.retryAfter
    this.temporary = circumstances.temporary ?? true
  }
}

/** Whatever becomes of a request after these, it may go better at another server of the same chat. */
const ofServer: ReadonlySet<ChatRoomErrorCode> = new Set([
  'unreachable',
  'silent',
  'going_down',
  'server_error',
  'shutting_down',
  'log_unavailable',
  'outcome_unknown',
  'not_caught_up',
] as const)

/** Whether another server of the same chat may do better. */
export const isOfServer = ({ code, status }: ChatRoomError): boolean =>
  ofServer.has(code) || (code === 'unexpected_answer' && status >= 500)

/** After these, what was asked has not happened. */
export const hasNotHappened = ({ code }: ChatRoomError): boolean =>
  ['shutting_down', 'log_unavailable', 'not_caught_up'].includes(code)

/** @param cause What `fetch` rejected with. */
export const unreachable = (cause?: unknown): ChatRoomError =>
  new ChatRoomError('unreachable', 'There is no answer from the server.', { cause })

export const silent = (message: string): ChatRoomError => new ChatRoomError('silent', message)

export const unexpected = (message: string, status = 0, cause?: unknown): ChatRoomError =>
  new ChatRoomError('unexpected_answer', message, { status, cause, temporary: isTemporary(status) })

export const invalidToken = (): ChatRoomError =>
  new ChatRoomError('invalid_token', 'What is given as the token is none.', { status: 401, temporary: false })

/** @param body What came with it, read as JSON where it is JSON. */
export function failureOf({ status, headers }: Response, body: unknown): ChatRoomError {
  const retryAfter = secondsIn(headers.get('retry-after') ?? '')
  if (isFailure(body)) return failed(body, status, retryAfter)
  const message = `The answer, with status ${status}, is not one of ChatRoom.`
  return new ChatRoomError('unexpected_answer', message, { status, retryAfter, temporary: isTemporary(status) })
}

/** Of a date (RFC 9110 section 10.2.3), which proxies say, nothing is made. */
const secondsIn = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined)

/** @param frame An `error` frame. Of a code that is newer than this client, it says by `retry_after` whether another try helps. */
export const refusalOf = (frame: Omit<ErrorFrame, 'type'>): ChatRoomError =>
  failed(frame, statuses[frame.code] ?? (frame.retry_after === undefined ? 400 : 503), frame.retry_after)

/**
 * @param code What a connection was closed with.
 * @param temporary Whether to come back.
 */
export function closingOf(code: number, temporary = mayComeBack(code)): ChatRoomError {
  const [name, closing] = Object.entries(closeCodes).find(([, closing]) => closing.code === code) ?? []
  const options = { status: code, temporary }
  if (name && closing) return new ChatRoomError(name as CloseReason, closing.when, options)
  if (!temporary) return new ChatRoomError('protocol_error', `The server has closed the connection: ${code}.`, options)
  return new ChatRoomError('unreachable', 'The connection is broken.', options)
}

function failed(
  { code, message, details }: Pick<Failure, 'code' | 'message' | 'details'>,
  status: number,
  retryAfter?: number,
): ChatRoomError {
  // A newer server may have codes of which this client knows only the status.
  const isKnown = code in statuses
  const again = isKnown ? temporary.includes(code) : isTemporary(status)
  return new ChatRoomError(code, message, { status, details, retryAfter, temporary: again })
}

const isTemporary = (status: number): boolean => status < 400 || status >= 500 || [408, 425, 429].includes(status)

/** What stands between may answer with JSON that has a code, too. */
const isFailure = (body: unknown): body is Failure =>
  typeof body === 'object' && body !== null && 'status' in body && body.status === 'fail' && 'code' in body
