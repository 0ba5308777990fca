import type { FastifyInstance, preHandlerHookHandler, preSerializationHookHandler, RouteHandlerMethod } from 'fastify'
import { ChatError } from '../chat/chat-error.js'
import { isCursor } from '../hub/cursor.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether it is answered with the cursor behind what it has written. */
    writes?: boolean
    /** Whether it may say the cursor behind which it is to be answered. */
    reads?: boolean
  }
}

interface Query {
  readonly after_event_id?: string
}

/**
 * Lets clients go from node to node: what writes is answered with a cursor, what reads waits for the one that it says, and
 * nothing is refused for what another node has just changed. To be called before the routes are added.
 */
export function followWrites(app: FastifyInstance): void {
  // What a write has come to has been applied here when it is answered.
  const tellCursor: preSerializationHookHandler = (_request, _reply, answer, done) => {
    done(null, { ...(answer as object), event_id: app.chat.cursor })
  }
  const waitForCursor: preHandlerHookHandler = (request, _reply, done) => {
    const { after_event_id: cursor } = request.query as Query
    if (cursor === undefined) return done()
    if (!isCursor(cursor)) return done(notCursor())
    const come = app.chat.comeTo(cursor, request)
    if (come === true) return done()
    const goOn = (hasCome: boolean): void => done(hasCome ? undefined : new ChatError('not_caught_up'))
    void come.then(goOn)
  }
  // Others may have written on another node what this one is asked for.
  const sure = (handler: RouteHandlerMethod): RouteHandlerMethod =>
    function (request, reply) {
      return app.chat.surely(() => handler.call(this, request, reply))
    }
  app.addHook('onRoute', (route) => {
    const { writes = false, reads = false } = route.config ?? {}
    if (writes) route.preSerialization = tellCursor
    if (writes || reads) route.handler = sure(route.handler)
    if (reads) route.preHandler = [waitForCursor, ...[route.preHandler ?? []].flat()]
  })
}

/** As what does not fit the schema is told, though no schema says what is a cursor: to clients that has no meaning. */
const notCursor = (): Error =>
  Object.assign(new Error(), {
    validation: [{ instancePath: '/after_event_id', message: 'must be an event_id that the server has given' }],
    validationContext: 'querystring',
  })
