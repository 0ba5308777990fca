import { Type, type Static } from '@sinclair/typebox'
import { closed, component, ref, success } from './component.js'
import { fixed } from './limits.js'
import { operation } from './operation.js'
import { written } from './own-writes.js'
import { knownPassword, newPassword, SentenceSchema, TokenSchema, UsernameSchema, whoSays } from './values.js'

export const RegisterRequestSchema = component(
  'RegisterRequest',
  Type.Object(
    {
      username: ref(UsernameSchema),
      password: Type.Optional(newPassword('Makes an account rather than a guest.')),
    },
    {
      ...closed,
      description: 'The name to claim, with a password where it shall be an account.',
      // That of an account first: the first ones of all operations work one after the other.
      examples: [{ username: 'alice', password: 'correct horse battery staple' }, { username: 'bob' }],
    },
  ),
)

export const LoginRequestSchema = component(
  'LoginRequest',
  Type.Object(
    {
      username: ref(UsernameSchema),
      password: knownPassword('The password that the account was registered with.'),
    },
    {
      ...closed,
      description: 'The account to log in to.',
      examples: [{ username: 'alice', password: 'correct horse battery staple' }],
    },
  ),
)

export const LogoutRequestSchema = component(
  'LogoutRequest',
  Type.Object(
    { username: Type.Optional(ref(UsernameSchema)) },
    { ...closed, description: `The user to log out. ${whoSays()}`, examples: [{ username: 'alice' }] },
  ),
)

export const SessionResultSchema = component(
  'SessionResult',
  written(
    { message: ref(SentenceSchema), username: ref(UsernameSchema), token: ref(TokenSchema) },
    {
      description: 'A session that is open now, with its token.',
      examples: [
        {
          status: 'success',
          message: 'alice is registered.',
          username: 'alice',
          token: 'qL8TnD0kQv3cBz5m1y7RfWx2JhGp9uEoSaKi4tNdMsA',
        },
      ],
    },
  ),
)
export type SessionResult = Static<typeof SessionResultSchema>

export const DoneResultSchema = component(
  'DoneResult',
  written(
    { message: ref(SentenceSchema) },
    {
      description: 'What was asked has happened.',
      examples: [{ status: 'success', message: 'alice is logged out.' }],
    },
  ),
)

export const OnlineQuerySchema = Type.Object(
  {
    prefix: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: fixed.usernameLength,
        description: 'Only names that begin so, without regard to case.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: fixed.page.max,
        default: fixed.page.unpaged,
        description: 'How many names at most.',
        examples: [100],
      }),
    ),
    after: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: fixed.usernameLength,
        description: 'Only names that come after this one: the last of the page before.',
      }),
    ),
  },
  closed,
)
export type OnlineQuery = Static<typeof OnlineQuerySchema>

export const OnlineResultSchema = component(
  'OnlineResult',
  success(
    {
      online_users: Type.Array(ref(UsernameSchema), { description: 'Sorted, without regard to case.' }),
      has_more: Type.Boolean({ description: 'Whether there are names after these.' }),
      presence: Type.Array(ref(UsernameSchema), {
        description: 'Those among them who are connected: they have a live connection, or had one until a moment ago.',
      }),
    },
    {
      description: 'A page of those who are online.',
      examples: [{ status: 'success', online_users: ['alice', 'bob'], has_more: false, presence: ['bob'] }],
    },
  ),
)

export const register = operation(
  {
    operationId: 'register',
    tag: 'Users',
    summary: 'Claim a name',
    description:
      "Without a password the name is a guest's: it is claimed until logout, or until the guest has been idle for long (`CHATROOM_GUEST_TTL`); in open mode anybody may use it. With a password it is an account: the name stays, is used with a token alone, and `login` opens further sessions.",
    security: 'public',
    writes: true,
    failures: ['username_reserved', 'username_taken', 'registration_closed', 'server_full'],
    answers: 'The name is claimed; the token is its first session.',
  },
  { body: ref(RegisterRequestSchema) },
  SessionResultSchema,
)

export const login = operation(
  {
    operationId: 'login',
    tag: 'Users',
    summary: 'Open a session of an account',
    description:
      'Each login opens a session with a token of its own. Past the bound on sessions of one account, the oldest ends.',
    security: 'public',
    writes: true,
    failures: ['bad_credentials'],
    answers: 'The session is open.',
  },
  { body: ref(LoginRequestSchema) },
  SessionResultSchema,
)

export const logout = operation(
  {
    operationId: 'logout',
    tag: 'Sessions',
    summary: 'Log out',
    description:
      'A guest leaves all rooms, with a notice in each, and the name is free. Of an account it ends the session of the token alone.',
    security: 'user',
    writes: true,
    failures: ['user_not_found'],
    answers: 'The guest is gone, or the session has ended.',
  },
  { body: ref(LogoutRequestSchema) },
  DoneResultSchema,
)

export const listOnlineUsers = operation(
  {
    operationId: 'listOnlineUsers',
    tag: 'Users',
    summary: 'List who is online',
    description:
      'Guests, and accounts with a session; `presence` says who of them is connected. In token mode it asks for a token.',
    security: 'user',
    writes: false,
    failures: [],
    answers: 'A page of usernames.',
  },
  { querystring: OnlineQuerySchema },
  OnlineResultSchema,
)
