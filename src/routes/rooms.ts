import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { createRoom, leaveRoom } from '../../schemas/rooms.js'

export const rooms: FastifyPluginAsyncTypebox = async (app) => {
  app.post('/create_room', { ...createRoom, preHandler: app.limitParticipants }, async ({ body, credentials }) => {
    const { roomNumber, roomId } = await app.chat.createRoom(body, credentials)
    return { status: 'success' as const, message: `Room ${roomNumber} has been created.`, room_id: roomId }
  })

  app.post('/leave_room', leaveRoom, async ({ body, credentials }) => ({
    status: 'success' as const,
    message: await app.chat.leaveRoom(body.username, body.room_id, credentials),
  }))
}
