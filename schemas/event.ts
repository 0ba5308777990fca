import { Type, type TSchema } from '@sinclair/typebox'
import { EventIdSchema, TimeSchema } from './values.js'
import { ref } from './component.js'

/** How events are declared. */

export const eventId = '5f0c2a1e-42'
export const at = '2026-11-22T12:00:00.000Z'

const typeOf = <T extends string>(type: T) => Type.Literal(type, { description: 'Which event it is.' })

/** An event that is in the log: it has a cursor, and who comes back gets it. */
export const durable = <T extends string, F extends Record<string, TSchema>>(
  type: T,
  fields: F,
  description: string,
  example: object,
) =>
  Type.Object(
    { type: typeOf(type), event_id: ref(EventIdSchema), at: ref(TimeSchema), ...fields },
    { description, examples: [{ type, event_id: eventId, at, ...example }] },
  )

/** An event of the moment: who is not there misses it. */
export const passing = <T extends string, F extends Record<string, TSchema>>(
  type: T,
  fields: F,
  description: string,
  example: object,
) =>
  Type.Object(
    { type: typeOf(type), at: ref(TimeSchema), ...fields },
    { description, examples: [{ type, at, ...example }] },
  )
