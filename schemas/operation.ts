import { Type, type Static, type TSchema, type TUnsafe, type TUnknown } from '@sinclair/typebox'
import { closed, ref } from './component.js'
import type { ErrorCode } from './errors.js'

/** Who may call an operation. */
export type Security =
  /** Anybody. */
  | 'public'
  /** Whoever may act as the user that the request names; in token mode, whoever has a token. */
  | 'user'

interface Description {
  /** Makes a good method name in a generated client. */
  readonly operationId: string
  readonly tag: 'Users' | 'Messages' | 'Rooms' | 'System'
  readonly summary: string
  readonly description: string
  readonly security: Security
  /** Whether it changes something, and so needs the log. */
  readonly writes: boolean
  /** The failures that are this operation's own; those that follow from the rest are added. */
  readonly failures: readonly ErrorCode[]
  /** What success means, in a line. */
  readonly answers: string
}

interface Input<B extends TSchema, Q extends TSchema> {
  readonly body?: B
  readonly querystring?: Q
}

/** What an operation can answer because of what it takes and who may call it. */
function impliedFailures(
  { security, writes }: Description,
  { body, querystring }: Input<TSchema, TSchema>,
): ErrorCode[] {
  const codes: ErrorCode[] = ['invalid_request', 'rate_limited', 'internal_error', 'shutting_down']
  if (body) codes.push('malformed_json', 'payload_too_large', 'unsupported_media_type')
  if (security === 'user') codes.push('token_required', 'invalid_token')
  if (security === 'user' && (body ?? querystring)) codes.push('not_your_name')
  if (writes) codes.push('log_unavailable')
  return codes
}

interface Described<A extends TSchema, B extends TSchema, Q extends TSchema> {
  readonly operationId: string
  readonly body: B
  readonly querystring: Q
  readonly response: { readonly 200: TUnsafe<Static<A>> }
}

const nothing = Type.Object({}, closed)

/**
 * Describes an operation whole: the options of its route. `schema` validates, types and documents it; `config.failures`
 * is every failure that it can answer, which the document lists and a test holds the server to.
 */
export function operation<A extends TSchema, B extends TSchema = TUnknown, Q extends TSchema = TUnknown>(
  description: Description,
  input: Input<B, Q>,
  answer: A,
) {
  const { operationId, tag, summary, security, failures, answers } = description
  return {
    schema: {
      operationId,
      tags: [tag],
      summary,
      description: description.description,
      security: security === 'public' ? [] : [{ bearerAuth: [] }, {}],
      ...(input.body && { body: input.body }),
      querystring: input.querystring ?? nothing,
      response: { 200: { ...ref(answer), description: answers } },
    } as Described<A, B, Q>,
    config: { failures: [...new Set([...impliedFailures(description, input), ...failures])] },
  }
}
