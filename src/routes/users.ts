import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { fixed } from '../../schemas/limits.js'
import { updateUser } from '../../schemas/update-user.js'
import { listOnlineUsers, login, register } from '../../schemas/users.js'

export const users: FastifyPluginAsyncTypebox = async (app) => {
  const { limitRegistrations, limitPasswords } = app

  app.post('/register', { ...register, preHandler: [limitRegistrations, limitPasswords] }, ({ body, headers }) =>
    app.chat.register(body.username, body.password, deviceOf(headers)),
  )

  app.post('/login', { ...login, preHandler: limitPasswords }, ({ body, headers }) =>
    app.chat.login(body.username, body.password, deviceOf(headers)),
  )

  app.patch(
    '/users/:username',
    { ...updateUser, preHandler: limitPasswords },
    async ({ params, body, credentials }) => ({
      status: 'success' as const,
      user: await app.chat.updateUser(params.username, body, credentials),
    }),
  )

  app.get('/online', listOnlineUsers, async ({ query, credentials }) => {
    const { names, hasMore, connected } = app.chat.online(query, credentials)
    return { status: 'success' as const, online_users: names, has_more: hasMore, presence: connected }
  })
}

/** What the program says of itself that asks. */
function deviceOf({ 'user-agent': agent }: IncomingHttpHeaders): string | undefined {
  // A header is bytes: what is no ASCII is nobody's name.
  const device = agent?.replaceAll(/[^\x20-\x7e]/g, '').slice(0, fixed.device)
  return device === '' ? undefined : device
}
