import { Type, type Static, type TSchema, type TUnsafe } from '@sinclair/typebox'
import { closed, component, ref } from './component.js'
import { eventId } from './event.js'
import { ErrorCodeSchema, ErrorDetailSchema } from './errors.js'
import { eventIdOfWrite } from './own-writes.js'
import { ClientIdSchema, MessageIdSchema, MessageTextSchema, RecipientSchema, TimeSchema } from './values.js'

/** What a client says on a WebSocket, and what it is answered. */

const typeOf = <T extends string>(type: T) => Type.Literal(type, { description: 'Which frame it is.' })

const frame = <T extends string, F extends Record<string, TSchema>>(
  type: T,
  fields: F,
  description: string,
  example: object,
) =>
  Type.Object(
    { type: typeOf(type), client_id: Type.Optional(ref(ClientIdSchema)), ...fields },
    { ...closed, description, examples: [{ type, ...example }] },
  )

export const SendFrameSchema = component(
  'SendFrame',
  frame(
    'send',
    {
      recipient: ref(RecipientSchema),
      message: ref(MessageTextSchema),
      in_order: Type.Optional(
        Type.Boolean({
          description:
            'If the `send` before it on this connection is refused with a failure that passes, so is this one: whoever does not wait for each answer can say all of them anew, from the first that was refused, and none has overtaken another.',
        }),
      ),
    },
    'Sends a message, as `POST /send` does. With a `client_id`, a repeat is safe.',
    { recipient: 'bob', message: 'Hello, how are you?', client_id: '7f3c2a9e-1' },
  ),
)

export const TypingFrameSchema = component(
  'TypingFrame',
  frame(
    'typing',
    { recipient: ref(RecipientSchema) },
    'Says that the user is typing. Say it again every few seconds, as long as that is so.',
    { recipient: 'bob' },
  ),
)

export const PingFrameSchema = component(
  'PingFrame',
  frame(
    'ping',
    {},
    'Asks whether the connection lives: a page in a browser does not see the pings of the protocol.',
    {},
  ),
)

/** One of several objects that differ in their `type`. */
const oneOfTypes = <T extends TSchema>(schemas: readonly T[], options: object): TUnsafe<Static<T>> =>
  Type.Unsafe<Static<T>>({
    type: 'object',
    required: ['type'],
    oneOf: schemas.map((schema) => ref(schema)),
    discriminator: { propertyName: 'type' },
    ...options,
  })

export const clientFrameSchemas = [SendFrameSchema, TypingFrameSchema, PingFrameSchema] as const

export const ClientFrameSchema = component(
  'ClientFrame',
  oneOfTypes(clientFrameSchemas, {
    description: 'What a client says. Each is answered by an `ack` or an `error`, in the order in which they came.',
    examples: SendFrameSchema.examples as unknown[],
  }),
)
export type ClientFrame = Static<typeof ClientFrameSchema>

export const AckFrameSchema = component(
  'AckFrame',
  Type.Object(
    {
      type: typeOf('ack'),
      client_id: Type.Optional(ref(ClientIdSchema)),
      message_id: Type.Optional(ref(MessageIdSchema)),
      sent_at: Type.Optional(ref(TimeSchema)),
      event_id: eventIdOfWrite,
    },
    {
      description: 'What was asked has happened; a message that was sent is durable, and has this id.',
      examples: [
        {
          type: 'ack',
          client_id: '7f3c2a9e-1',
          message_id: 42,
          sent_at: '2026-11-22T12:00:00.000Z',
          event_id: eventId,
        },
      ],
    },
  ),
)
export type AckFrame = Static<typeof AckFrameSchema>

export const ErrorFrameSchema = component(
  'ErrorFrame',
  Type.Object(
    {
      type: typeOf('error'),
      client_id: Type.Optional(
        Type.String({
          description:
            'That of the frame, if it has one. Of a frame over the rate, which is not read, if it is among its first 1,024 bytes.',
        }),
      ),
      code: ref(ErrorCodeSchema),
      message: Type.String({ description: 'What was wrong and what would be right, for people.' }),
      retry_after: Type.Optional(
        Type.Integer({ minimum: 1, description: 'With a failure that passes: ask again after so many seconds.' }),
      ),
      details: Type.Optional(
        Type.Array(ref(ErrorDetailSchema), { description: 'With `invalid_request`: each place that does not fit.' }),
      ),
    },
    {
      description: 'What was asked has not happened. The connection goes on.',
      examples: [
        {
          type: 'error',
          client_id: '7f3c2a9e-1',
          code: 'room_not_found',
          message: 'There is no room "room_7".',
        },
      ],
    },
  ),
)
export type ErrorFrame = Static<typeof ErrorFrameSchema>

export const serverFrameSchemas = [AckFrameSchema, ErrorFrameSchema] as const
