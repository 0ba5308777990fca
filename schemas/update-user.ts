import { Type, type Static } from '@sinclair/typebox'
import { by } from './by.js'
import { closed, component, ref } from './component.js'
import { kept } from './kept.js'
import { operation } from './operation.js'
import { written } from './own-writes.js'
import { knownPassword, newPassword, UsernameSchema } from './values.js'

export const UserSchema = component(
  'User',
  Type.Object(
    {
      username: ref(UsernameSchema),
      is_guest: Type.Boolean({
        description: 'Whether the name is claimed for a while only; an account keeps its name.',
      }),
    },
    { description: 'Who is known by a name.', examples: [{ username: 'alice', is_guest: false }] },
  ),
)
export type User = Static<typeof UserSchema>

export const UpdateUserRequestSchema = component(
  'UpdateUserRequest',
  Type.Object(
    {
      password: newPassword(
        'The password from now on. With it a guest becomes an account, and keeps name, rooms and messages.',
      ),
      current_password: Type.Optional(knownPassword('The password until now; an account has to say it.')),
    },
    {
      ...closed,
      description: 'What is to be another.',
      examples: [
        { password: 'correct horse battery staple', current_password: 'correct horse battery staple' },
        { password: 'correct horse battery staple' },
      ],
    },
  ),
)
export type UpdateUserRequest = Static<typeof UpdateUserRequestSchema>

export const UserResultSchema = component(
  'UserResult',
  written(
    { user: ref(UserSchema) },
    {
      description: 'The user as it is now.',
      examples: [{ status: 'success', user: { username: 'alice', is_guest: false } }],
    },
  ),
)

const UserParamsSchema = Type.Object({ username: ref(UsernameSchema) }, closed)

export const updateUser = operation(
  {
    operationId: 'updateUser',
    tag: 'Users',
    summary: 'Set my password',
    description:
      "A guest that sets one becomes an account, where accounts may register: it keeps its name, its rooms and its messages, and from then on the name is used with a token alone. An account says its present password, too. All sessions end but that of the request's token.",
    security: 'session',
    writes: true,
    failures: ['user_not_found', 'not_your_name', 'bad_credentials', 'registration_closed'],
    answers: 'The password is set.',
  },
  { body: ref(UpdateUserRequestSchema), params: UserParamsSchema },
  UserResultSchema,
)

export const SetPasswordCommandSchema = Type.Object({
  type: Type.Literal('set_password'),
  user: kept.number('Of a user.'),
  password_hash: kept.passwordHash(),
  token_hash: kept.hash('That of the session that goes on; SHA-256 of its token, base64url.'),
  by,
})
