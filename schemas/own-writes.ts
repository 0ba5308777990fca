import { Type, type ObjectOptions, type TSchema } from '@sinclair/typebox'
import { described, success } from './component.js'
import { eventId } from './event.js'
import { fixed } from './limits.js'
import { EventIdSchema } from './values.js'

/** How a client reads its own writes on whatever node: a write is answered with a cursor, and a read may say it. */

/** The cursor of a write, in its answer. */
export const eventIdOfWrite = Type.Optional(
  described(EventIdSchema, {
    description:
      'Of what has been written: a cursor at it, or behind it. A read that says it as `after_event_id` sees what has been written, on whatever node. A repeat by `client_id` may give a later one, while all else is as the first time.',
    examples: [eventId],
  }),
)

/** The body of a success of an operation that writes: `status`, these fields, and the cursor. */
export function written<T extends Record<string, TSchema>>(
  fields: T,
  options: ObjectOptions & { readonly examples: object[] },
) {
  const examples = options.examples.map((example: object) => ({ ...example, event_id: eventId }))
  return success({ ...fields, event_id: eventIdOfWrite }, { ...options, examples })
}

/** What a read waits for, in its query. Without an example, which Swagger UI would send as it is. */
const afterEventId = Type.Optional(
  described(EventIdSchema, {
    description: `An \`event_id\` that the client was given, by a write for example: it is answered when the node that is asked has come there. It waits ${fixed.catchUp} seconds at most, then it is 503 \`not_caught_up\`. One that says nothing to this node is passed over: of a log that is gone, or, where there is one node alone, ahead of its log.`,
  }),
)

/** The query of a read, with what it waits for. */
export const withAfterEventId = (query: TSchema): TSchema => ({
  ...query,
  properties: { ...(query['properties'] as object), after_event_id: afterEventId },
})
