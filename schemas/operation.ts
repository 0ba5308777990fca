import { Type, type Static, type TSchema, type TUnsafe, type TUnknown } from '@sinclair/typebox'
import { closed, ref } from './component.js'
import type { ErrorCode } from './errors.js'
import { withAfterEventId } from './own-writes.js'

/** Who may call an operation. */
export type Security =
  /** Anybody. */
  | 'public'
  /** Whoever may act as the user that the request names; in token mode, whoever has a token. */
  | 'user'
  /** Whoever has a session: the token says who it is. */
  | 'session'
  /** Whoever has the operator's token. */
  | 'operator'

interface Description {
  /** Makes a good method name in a generated client. */
  readonly operationId: string
  readonly tag: 'Users' | 'Messages' | 'Rooms' | 'Live' | 'System' | 'Sessions'
  readonly summary: string
  readonly description: string
  readonly security: Security
  /** Whether it changes something, and so needs the log. */
  readonly writes: boolean
  /** Whether it reads the state: so does all that does not write, unless it is of the process alone or says a cursor of its own. */
  readonly reads?: false | undefined
  /** The failures that are this operation's own; those that follow from the rest are added. */
  readonly failures: readonly ErrorCode[]
  /** What success means, in a line. */
  readonly answers: string
}

interface Input<B extends TSchema, Q extends TSchema, P extends TSchema> {
  readonly body?: B
  readonly querystring?: Q
  readonly params?: P
}

/** What any request may be answered, whatever it asks. */
const anyRequest: readonly ErrorCode[] = [
  'bad_request',
  'method_not_allowed',
  'request_timeout',
  'uri_too_long',
  'unknown_host',
  'rate_limited',
  'headers_too_large',
  'internal_error',
  'shutting_down',
]

/** What an operation can answer because of what it takes and who may call it. */
function impliedFailures(
  { security, writes, reads }: Description,
  { body, querystring }: Input<TSchema, TSchema, TSchema>,
): ErrorCode[] {
  const codes: ErrorCode[] = ['invalid_request', ...anyRequest]
  if (body) codes.push('malformed_json', 'payload_too_large', 'unsupported_media_type')
  if (security === 'user' || security === 'session') codes.push('token_required', 'invalid_token', 'token_expired')
  if (security === 'user' && (body ?? querystring)) codes.push('not_your_name')
  if (security === 'operator') codes.push('operator_required')
  if (writes) codes.push('log_unavailable', 'outcome_unknown')
  if (readsState({ writes, reads })) codes.push('not_caught_up')
  return codes
}

export interface Described<A extends TSchema, B extends TSchema, Q extends TSchema, P extends TSchema> {
  readonly operationId: string
  readonly body: B
  readonly querystring: Q
  readonly params: P
  readonly response: { readonly 200: TUnsafe<Static<A>> }
}

const securities: Readonly<Record<Security, readonly Readonly<Record<string, readonly string[]>>[]>> = {
  public: [],
  user: [{ bearerAuth: [] }, {}],
  session: [{ bearerAuth: [] }],
  operator: [{ operatorAuth: [] }],
}

const nothing = Type.Object({}, closed)

/** Whether it may be told behind which cursor to answer. */
const readsState = ({ writes, reads }: Pick<Description, 'writes' | 'reads'>): boolean => reads ?? !writes

/** How an operation succeeds, where that is not a 200 of JSON alone. */
interface Success {
  readonly status?: number
  /** Media types of texts that it can answer instead. */
  readonly streams?: readonly string[]
}

function successOf(schema: TSchema, description: string, { status = 200, streams = [] }: Success): object {
  // Fastify is quicker to serialise what has one media type.
  if (status === 200 && streams.length === 0) return { 200: { ...schema, description } }
  const texts = streams.map((type) => [type, { schema: Type.String() }] as const)
  return { [status]: { description, content: { 'application/json': { schema }, ...Object.fromEntries(texts) } } }
}

/**
 * Describes an operation whole: the options of its route. `schema` validates, types and documents it; `config.failures`
 * is every failure that it can answer, which the document lists and a test holds the server to; `writes` and `reads` say
 * whether it is answered with a cursor, and whether it may say one.
 */
export function operation<
  A extends TSchema,
  B extends TSchema = TUnknown,
  Q extends TSchema = TUnknown,
  P extends TSchema = TUnknown,
>(description: Description, input: Input<B, Q, P>, answer: A, success: Success = {}) {
  const { operationId, tag, summary, security, writes, failures, answers } = description
  const { querystring = nothing } = input
  const reads = readsState(description)
  return {
    schema: {
      operationId,
      tags: [tag],
      summary,
      description: description.description,
      security: securities[security],
      ...(input.body && { body: input.body }),
      ...(input.params && { params: input.params }),
      querystring: reads ? withAfterEventId(querystring) : querystring,
      response: successOf(ref(answer), answers, success),
    } as unknown as Described<A, B, Q, P>,
    config: { failures: [...new Set([...impliedFailures(description, input), ...failures])], writes, reads },
  }
}
