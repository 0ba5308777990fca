import { Type, type Static } from '@sinclair/typebox'
import { closed, component, described, ref, success } from './component.js'
import { EventSchema } from './events.js'
import { fixed } from './limits.js'
import { operation } from './operation.js'
import { TicketSchema } from './tickets.js'
import { DoneResultSchema } from './users.js'
import { EventIdSchema, RecipientSchema, TokenSchema, UsernameSchema, whoSays } from './values.js'

const listening = {
  username: Type.Optional(
    described(UsernameSchema, {
      description: 'The guest to listen as, in open mode. Beside a token, the name of its user.',
      examples: ['alice'],
    }),
  ),
  // Without examples, which Swagger UI would send as they are.
  // Of any form: a page is not told why a WebSocket or an EventSource does not open.
  last_event_id: Type.Optional(
    Type.String({
      description:
        'The latest `event_id` that the client has; what came after it is told first. Any other text, an empty one too, is answered by `resync`.',
    }),
  ),
  access_token: Type.Optional(
    described(TokenSchema, { description: 'The token, from who cannot send headers. No log shows it.' }),
  ),
  ticket: Type.Optional(TicketSchema),
}

export const ConnectQuerySchema = Type.Object(listening, closed)
export type ConnectQuery = Static<typeof ConnectQuerySchema>

export const EventsQuerySchema = Type.Object(
  {
    ...listening,
    wait: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: fixed.wait,
        description: `Long poll: whole seconds to hold the answer, which is JSON, until there is an event; ${fixed.hold} at most, whatever is asked for.`,
        examples: [0],
      }),
    ),
  },
  closed,
)
export type EventsQuery = Static<typeof EventsQuerySchema>

export const EventsResultSchema = component(
  'EventsResult',
  success(
    {
      events: Type.Array(ref(EventSchema), { description: 'In order. Without a cursor it begins with `hello`.' }),
      event_id: ref(EventIdSchema),
    },
    {
      description: 'Ask again with this `event_id` as `last_event_id`.',
      examples: [{ status: 'success', events: [], event_id: '5f0c2a1e-42' }],
    },
  ),
)

/** Whom a live connection listens as, for the documents. */
export const listeningAs =
  "Whom to listen as is the user of the token; in open mode a guest may say its `username` instead. A page in a browser, whose WebSocket and EventSource send no headers, gives a ticket, which `POST /tickets` makes. Or it gives its token: as `access_token`, which no log of the server shows, or as a subprotocol of the WebSocket: `new WebSocket(url, ['chatroom', 'bearer.…'])`."

/** The subprotocol (RFC 6455 section 1.9) of the frames that are spoken here; a client need not ask for it. */
export const subprotocol = 'chatroom'

/** Where a live connection begins, for the documents. */
export const beginning = `With \`last_event_id\`, the latest that the client has, it begins with all that came after it, each once and in order, and goes on live without a gap. Where another node has given it, and this one has not come there yet, it waits for that, ${fixed.catchUp} seconds at most. If it is too long ago, or no cursor of this server, there is one \`resync\` instead.`

export const connectLive = operation(
  {
    operationId: 'connectLive',
    tag: 'Live',
    summary: 'Listen and speak on a WebSocket',
    description: `Each message is one JSON object: an \`Event\` or an answer from the server, a frame from the client. The frames and the codes that it is closed with are in [asyncapi.json](asyncapi.json). They have a subprotocol, \`${subprotocol}\`, for clients that ask for one; no other is spoken. ${listeningAs}\n\n${beginning}`,
    security: 'user',
    writes: false,
    reads: false,
    failures: ['user_not_found', 'origin_not_allowed', 'upgrade_required', 'too_many_connections'],
    answers: 'The WebSocket is open; its first event is `hello`.',
  },
  { querystring: ConnectQuerySchema },
  EventSchema,
  { status: 101 },
)

export const streamEvents = operation(
  {
    operationId: 'streamEvents',
    tag: 'Live',
    summary: 'Listen to Server-Sent Events',
    description: `The same events as on the WebSocket: as a stream (WHATWG HTML, "Server-sent events"), in which \`data\` is an \`Event\` and \`id\` its \`event_id\`; or, for a client that asks with \`wait\`, or whose \`Accept\` prefers JSON or names both alike, as a long poll. ${listeningAs}\n\n${beginning} An \`EventSource\` says \`Last-Event-ID\` by itself, and a polyfill of it \`lastEventId\` in the query; either goes before \`last_event_id\`.`,
    security: 'user',
    writes: false,
    reads: false,
    failures: ['user_not_found', 'origin_not_allowed', 'too_many_connections'],
    answers: 'The events: those since the cursor as JSON, or a stream.',
  },
  { querystring: EventsQuerySchema },
  EventsResultSchema,
  { streams: ['text/event-stream'] },
)

export const TypingRequestSchema = component(
  'TypingRequest',
  Type.Object(
    { username: Type.Optional(ref(UsernameSchema)) },
    { ...closed, description: `Who is typing. ${whoSays()}`, examples: [{ username: 'alice' }] },
  ),
)

export const TypingParamsSchema = Type.Object({ recipient: ref(RecipientSchema) }, closed)

export const sendTyping = operation(
  {
    operationId: 'sendTyping',
    tag: 'Live',
    summary: 'Say that you are typing',
    description:
      'Tells those who listen in the room, or the recipient, and nobody else; nothing is kept. It is over by itself after a few seconds, so say it again as long as it is so. More often than every other second, and more than a few at once in one conversation, are not passed on.',
    security: 'user',
    writes: false,
    reads: false,
    failures: ['user_not_found', 'room_not_found', 'not_a_member'],
    answers: 'Those who listen are told.',
  },
  { body: ref(TypingRequestSchema), params: TypingParamsSchema },
  DoneResultSchema,
)
