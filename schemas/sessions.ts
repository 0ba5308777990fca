import { Type, type Static } from '@sinclair/typebox'
import { closed, component, described, oneOf, ref, success } from './component.js'
import { fixed } from './limits.js'
import { kept } from './kept.js'
import { operation } from './operation.js'
import { written } from './own-writes.js'
import { SentenceSchema, TimeSchema } from './values.js'

export const SessionIdSchema = component(
  'SessionId',
  Type.String({
    pattern: '^[A-Za-z0-9_-]{22}$',
    description: 'Names a session; it is no token.',
    examples: ['Vx3nQk8cZp1y7RfWx2JhGp'],
  }),
)

export const SessionSchema = component(
  'Session',
  Type.Object(
    {
      session_id: ref(SessionIdSchema),
      device: Type.Optional(
        Type.String({
          maxLength: fixed.device,
          description: 'What the program that opened it says of itself in `User-Agent`, as far as that is known.',
          examples: ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
        }),
      ),
      opened_at: Type.Optional(
        described(TimeSchema, { description: 'When it was opened; not known of those of version 0.2.0.' }),
      ),
      used_at: Type.Optional(
        described(TimeSchema, {
          description: 'When it was last used, to within an hour; not known of those of version 0.2.0.',
        }),
      ),
      is_current: Type.Boolean({ description: 'Whether it is that of the token of the request.' }),
    },
    {
      description: 'A session of the caller.',
      examples: [
        {
          session_id: 'Vx3nQk8cZp1y7RfWx2JhGp',
          device: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
          opened_at: '2026-11-22T12:00:00.000Z',
          used_at: '2026-11-23T07:00:00.000Z',
          is_current: true,
        },
      ],
    },
  ),
)
export type Session = Static<typeof SessionSchema>

export const SessionListSchema = component(
  'SessionList',
  success(
    { sessions: Type.Array(ref(SessionSchema), { description: 'The one that was opened first is the first.' }) },
    {
      description: 'The sessions of the caller.',
      examples: [
        {
          status: 'success',
          sessions: [{ session_id: 'Vx3nQk8cZp1y7RfWx2JhGp', used_at: '2026-11-23T07:00:00.000Z', is_current: true }],
        },
      ],
    },
  ),
)

export const EndedSessionsSchema = component(
  'EndedSessions',
  written(
    { message: ref(SentenceSchema), count: Type.Integer({ minimum: 0, description: 'How many have ended.' }) },
    {
      description: 'Sessions have ended.',
      examples: [{ status: 'success', message: '2 sessions have ended.', count: 2 }],
    },
  ),
)

export const EndSessionsQuerySchema = Type.Object(
  {
    which: Type.Optional(
      oneOf(['all', 'others'], {
        default: 'all',
        description: '`others`: all but that of the token.',
        examples: ['others'],
      }),
    ),
  },
  closed,
)
export type EndSessionsQuery = Static<typeof EndSessionsQuerySchema>

const SessionParamsSchema = Type.Object({ session_id: ref(SessionIdSchema) }, closed)

export const listSessions = operation(
  {
    operationId: 'listSessions',
    tag: 'Sessions',
    summary: 'List my sessions',
    description: 'Those of the user of the token: where it is logged in. No token is shown.',
    security: 'session',
    writes: false,
    failures: [],
    answers: 'The sessions.',
  },
  {},
  SessionListSchema,
)

export const endSession = operation(
  {
    operationId: 'endSession',
    tag: 'Sessions',
    summary: 'End one of my sessions',
    description:
      'Its token is good for nothing any more, and its live connections are closed. That of the token itself may be ended, too.',
    security: 'session',
    writes: true,
    failures: ['session_not_found'],
    answers: 'The session has ended.',
  },
  { params: SessionParamsSchema },
  EndedSessionsSchema,
)

export const endSessions = operation(
  {
    operationId: 'endSessions',
    tag: 'Sessions',
    summary: 'End all of my sessions',
    description: 'Or all others, for who has left a device somewhere.',
    security: 'session',
    writes: true,
    failures: [],
    answers: 'The sessions have ended.',
  },
  { querystring: EndSessionsQuerySchema },
  EndedSessionsSchema,
)

const user = kept.number('Of a user.')
const tokenHash = kept.tokenHash()

export const UseSessionCommandSchema = Type.Object(
  { type: Type.Literal('use_session'), user, token_hash: tokenHash },
  { description: 'A session was used; written rarely.' },
)

export const EndSessionsCommandSchema = Type.Object({
  type: Type.Literal('end_sessions'),
  user,
  but: Type.Optional(tokenHash),
})

export const ExpireSessionsCommandSchema = Type.Object({
  type: Type.Literal('expire_sessions'),
  unused_since: Type.Number({ description: 'Sessions not used since this time (ms) go.' }),
  at_most: Type.Integer(),
})
