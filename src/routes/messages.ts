import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { sendJson } from '../http/ready-json.js'
import { listConversationMessages } from '../../schemas/conversation-messages.js'
import { deleteMessage } from '../../schemas/delete-message.js'
import { editMessage } from '../../schemas/edit-message.js'
import { pollMessages, sendMessage } from '../../schemas/messages.js'

export const messages: FastifyPluginAsyncTypebox = async (app) => {
  app.post('/send', sendMessage, ({ body, credentials }) => app.chat.send(body, credentials))

  app.patch('/messages/:id', editMessage, async ({ params, body, credentials }) => ({
    status: 'success' as const,
    message: await app.chat.editMessage(params.id, body, credentials),
  }))

  app.delete('/messages/:id', deleteMessage, async ({ params, query, credentials }) => ({
    status: 'success' as const,
    message: await app.chat.deleteMessage(params.id, query, credentials),
  }))

  app.get(
    '/conversations/:recipient/messages',
    listConversationMessages,
    async ({ params, query, credentials }, reply) =>
      sendJson(reply, await app.chat.conversationMessages(params.recipient, query, credentials)),
  )

  app.get('/messages', pollMessages, async (request, reply) => {
    const { query, credentials } = request
    if (!query.wait) return sendJson(reply, await app.chat.poll(query, credentials))
    const release = app.live.hold(request, query.username)
    try {
      return sendJson(reply, await app.chat.poll(query, credentials, request.signal))
    } finally {
      release()
    }
  })
}
