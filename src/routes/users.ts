import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listOnlineUsers, login, logout, register } from '../../schemas/users.js'

export const users: FastifyPluginAsyncTypebox = async (app) => {
  const { limitRegistrations, limitPasswords } = app

  app.post('/register', { ...register, preHandler: [limitRegistrations, limitPasswords] }, ({ body }) =>
    app.chat.register(body.username, body.password),
  )

  app.post('/login', { ...login, preHandler: limitPasswords }, ({ body }) =>
    app.chat.login(body.username, body.password),
  )

  app.post('/logout', logout, async ({ body, credentials }) => ({
    status: 'success' as const,
    message: await app.chat.logout(body.username, credentials),
  }))

  app.get('/online', listOnlineUsers, async ({ query, credentials }) => {
    const { names, hasMore, connected } = app.chat.online(query, credentials)
    return { status: 'success' as const, online_users: names, has_more: hasMore, presence: connected }
  })
}
