import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify'
import { connectLive, sendTyping, streamEvents, type EventsQuery } from '../../schemas/live.js'
import { ChatError } from '../chat/chat-error.js'
import { preferenceFor } from '../http/accept.js'
import { sendJson } from '../http/ready-json.js'
import { findLastEventId } from '../live/last-event-id.js'

export const live: FastifyPluginAsyncTypebox = async (app) => {
  const { admit: preHandler } = app.live

  app.route({
    ...connectLive,
    method: 'GET',
    url: '/ws',
    exposeHeadRoute: false,
    preValidation: findLastEventId,
    preHandler: [checkHandshake, preHandler],
    handler: (_request, reply) => {
      // RFC 9110 section 15.5.22.
      void reply.header('upgrade', 'websocket').header('connection', 'upgrade')
      throw new ChatError('upgrade_required')
    },
    wsHandler: (webSocket, request) => {
      app.live.openWebSocket(webSocket, request)
    },
  })

  const listening = { exposeHeadRoute: false, preValidation: findLastEventId, preHandler }
  app.get('/events', { ...streamEvents, ...listening }, async (request, reply) => {
    if (wantsJson(request)) return sendJson(reply, await app.live.poll(request))
    app.live.openStream(request, reply)
    return reply
  })

  app.post('/conversations/:recipient/typing', sendTyping, async ({ body, params, credentials }) => {
    app.chat.type(body.username, params.recipient, credentials)
    return { status: 'success' as const, message: `${params.recipient} is told.` }
  })
}

/** RFC 6455 section 4.4. The version before it, which the library knows too, says its origin in another header. */
const version = '13'

/** Of an upgrade Node checks nothing, and the library not all. */
const checkHandshake: preHandlerHookHandler = (request, reply, done) => {
  done(request.ws ? flawOf(request, reply) : undefined)
}

function flawOf({ headers }: FastifyRequest, reply: FastifyReply): ChatError | undefined {
  // RFC 9112 section 3.2.
  if (headers.host === undefined) return new ChatError('bad_request', 'The request has no Host.')
  if (headers['sec-websocket-version'] === version) return undefined
  void reply.header('sec-websocket-version', version)
  return new ChatError('upgrade_required', `Connect with version ${version} of the WebSocket protocol.`)
}

/**
 * A long poll is asked for by `wait`; else by `Accept`. Where that wants both alike, JSON goes to whoever names it: a program
 * that was generated from the document names all that there is, and can read no stream.
 */
function wantsJson({ headers: { accept }, query }: FastifyRequest): boolean {
  if ((query as EventsQuery).wait !== undefined) return true
  const json = preferenceFor('application/json', accept)
  const stream = preferenceFor('text/event-stream', accept)
  return json.weight === stream.weight ? json.isNamed : json.weight > stream.weight
}
