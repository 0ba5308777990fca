import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { onRequestAsyncHookHandler } from 'fastify'
import { getAnnouncement, getHealth, getReadiness, setAnnouncement } from '../../schemas/system.js'
import { ChatError } from '../chat/chat-error.js'

const success = { status: 'success' } as const

export const system: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/announcement', getAnnouncement, async () => ({ ...success, announcement: app.chat.announcement().text }))

  // Before the body is read.
  const onRequest: onRequestAsyncHookHandler = async ({ credentials }) => {
    app.chat.operate('set_announcement', credentials)
  }

  app.put('/announcement', { ...setAnnouncement, onRequest }, async ({ body }) => {
    if (!app.chat.available) throw new ChatError('log_unavailable')
    await app.announcement.set(body.announcement)
    return { ...success, announcement: app.chat.announcement().text }
  })

  app.get('/health', getHealth, async ({ ip }) => ({ ...success, client_address: ip }))

  app.get('/ready', getReadiness, async () => {
    if (!app.chat.available) throw new ChatError('log_unavailable')
    return success
  })
}
