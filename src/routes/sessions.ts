import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { logout } from '../../schemas/users.js'
import { createTicket } from '../../schemas/tickets.js'
import { endSession, endSessions, listSessions } from '../../schemas/sessions.js'

export const sessions: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/sessions', listSessions, async ({ credentials }) => ({
    status: 'success' as const,
    sessions: app.chat.listSessions(credentials),
  }))

  app.post('/tickets', createTicket, async ({ credentials }) => {
    const { ticket, expiresAt } = await app.chat.createTicket(credentials)
    return { status: 'success' as const, ticket, expires_at: expiresAt }
  })

  app.delete('/sessions/:session_id', endSession, async ({ params, credentials }) =>
    ended(await app.chat.endSession(params.session_id, credentials)),
  )

  app.delete('/sessions', endSessions, async ({ query, credentials }) =>
    ended(await app.chat.endSessions(query, credentials)),
  )

  // Last, so that a reader who tries one operation after the other is somebody until then.
  app.post('/logout', logout, async ({ body, credentials }) => ({
    status: 'success' as const,
    message: await app.chat.logout(body.username, credentials),
  }))
}

const ended = (count: number) => ({
  status: 'success' as const,
  message: count === 1 ? 'The session has ended.' : `${count} sessions have ended.`,
  count,
})
