import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { endSession, endSessions, listSessions } from '../../schemas/sessions.js'

export const sessions: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/sessions', listSessions, async ({ credentials }) => ({
    status: 'success' as const,
    sessions: app.chat.listSessions(credentials),
  }))

  app.delete('/sessions', endSessions, async ({ query, credentials }) =>
    ended(await app.chat.endSessions(query, credentials)),
  )

  app.delete('/sessions/:session_id', endSession, async ({ params, credentials }) =>
    ended(await app.chat.endSession(params.session_id, credentials)),
  )
}

const ended = (count: number) => ({
  status: 'success' as const,
  message: count === 1 ? 'The session has ended.' : `${count} sessions have ended.`,
  count,
})
