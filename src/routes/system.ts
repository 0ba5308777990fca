import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { onRequestAsyncHookHandler } from 'fastify'
import { getAnnouncement, getHealth, getReadiness, setAnnouncement } from '../../schemas/system.js'
import { ChatError } from '../chat/chat-error.js'
import type { Promised } from '../nats/sync.js'

/** A node that is further behind what it knows to be in the log is not ready. */
const mostBehind = 100

const logOf = ({ replicas, sync }: Promised) => ({ replicas, sync: sync.kind })

const success = { status: 'success' } as const

export const system: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/announcement', getAnnouncement, async () => ({ ...success, announcement: app.chat.announcement().text }))

  // Before the body is read.
  const onRequest: onRequestAsyncHookHandler = async ({ credentials }) => {
    app.chat.operate('set_announcement', credentials)
  }

  app.put('/announcement', { ...setAnnouncement, onRequest }, async ({ body, credentials }) => {
    const by = app.chat.operate('set_announcement', credentials)
    if (!app.chat.available) throw new ChatError('log_unavailable')
    await app.announcement.set(body.announcement, by)
    return { ...success, announcement: app.chat.announcement().text }
  })

  app.get('/health', getHealth, async ({ ip }) => ({ ...success, client_address: ip }))

  app.get('/ready', getReadiness, async () => {
    const { available, behind } = app.chat
    if (!available) throw new ChatError('log_unavailable')
    if (behind > mostBehind)
      throw new ChatError('not_caught_up', `This node has some ${behind} writes of the log still to read.`)
    return { ...success, ...(app.promised && { log: logOf(app.promised) }) }
  })
}
