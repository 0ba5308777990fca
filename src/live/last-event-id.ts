import type { preValidationHookHandler } from 'fastify'

interface Query {
  readonly last_event_id?: string | string[]
  readonly lastEventId?: string | string[]
}

/**
 * Finds the cursor wherever a client says it, and puts it where the contract has it. The header is the newest: an EventSource
 * says it when it comes back, to the address that it has had from the start. A common polyfill, which sends no headers,
 * adds `lastEventId` to that address instead. Said twice, it is no cursor that anybody knows, as that of another log.
 */
export const findLastEventId: preValidationHookHandler = (request, _reply, done) => {
  const { lastEventId, ...query } = request.query as Query
  const said = request.headers['last-event-id'] ?? lastEventId ?? query.last_event_id
  request.query = said === undefined ? query : { ...query, last_event_id: String(said) }
  done()
}
