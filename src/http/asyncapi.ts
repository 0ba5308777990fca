import type { TSchema } from '@sinclair/typebox'
import { ClosingEventSchema, EventSchema, eventSchemas } from '../../schemas/events.js'
import { ClientFrameSchema, clientFrameSchemas, serverFrameSchemas } from '../../schemas/frames.js'
import type { Limits } from '../../schemas/limits.js'
import { beginning, ConnectQuerySchema, EventsQuerySchema, listeningAs } from '../../schemas/live.js'
import { closeCodesTable } from './close-codes-table.js'
import { liveMessages, liveSchemas, published } from './asyncapi-components.js'
import { prefixOf } from './base-url.js'
import { host, identity, liveTag, versions } from './identity.js'
import { accessToken, bearerAuth } from './security-schemes.js'

/**
 * The live channels as an AsyncAPI 3.0 document, with the bounds of this server, as it is published and committed.
 * @param baseUrl Where clients reach the server, if that is said.
 */
export function asyncApiText(limits: Limits, baseUrl: string): string {
  return `${JSON.stringify(asyncApi(limits, baseUrl), null, 2)}\n`
}

const asyncApi = (limits: Limits, baseUrl: string) => ({
  asyncapi: '3.0.0',
  info: {
    ...identity,
    description,
    license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    tags: [liveTag],
  },
  defaultContentType: 'application/json',
  servers: {
    ws: server('ws', plain, baseUrl),
    wss: server('wss', encrypted, baseUrl),
    http: server('http', plain, baseUrl),
    https: server('https', encrypted, baseUrl),
  },
  channels: { ws, events },
  operations: { sendEvents, ...receiveFrames(), streamEvents },
  components: { schemas: liveSchemas(limits), messages: liveMessages(), securitySchemes: { bearerAuth, accessToken } },
})

const description = [
  'What is told live: `/ws`, a WebSocket, and `/events`, Server-Sent Events, carry the same events. All else is described in [openapi.json](openapi.json).',
  'The document is written from the side of the server: it sends events and receives frames, each of them one JSON object with a `type`.',
  `- An event: ${EventSchema.description}\n- A frame: ${ClientFrameSchema.description} Where it has a \`client_id\`, the answer has it too.`,
  '## Close codes',
  'A WebSocket is closed with one of these codes, and the name as the reason. A connection that breaks without one is one to come back from, with the latest `event_id`.',
  closeCodesTable(),
  versions,
].join('\n\n')

const plain = 'The server itself.'
const encrypted = 'The server behind a proxy that speaks TLS.'

const server = (protocol: string, description: string, baseUrl: string) => ({
  host: '{host}',
  ...(prefixOf(baseUrl) !== '' && { pathname: prefixOf(baseUrl) }),
  protocol,
  description,
  variables: { host: baseUrl === '' ? host : { ...host, default: new URL(baseUrl).host } },
  security: [{ $ref: '#/components/securitySchemes/bearerAuth' }, { $ref: '#/components/securitySchemes/accessToken' }],
})

/** A WebSocket says in its close frame what this event says on a stream. */
const webSocketEvents = eventSchemas.filter((schema) => schema !== ClosingEventSchema)

const ws = {
  address: '/ws',
  title: 'WebSocket',
  summary: 'Events, and frames with their answers.',
  description: `${listeningAs}\n\n${beginning}`,
  servers: [{ $ref: '#/servers/ws' }, { $ref: '#/servers/wss' }],
  messages: messagesOf([...webSocketEvents, ...clientFrameSchemas, ...serverFrameSchemas]),
  bindings: { ws: { method: 'GET', query: published(ConnectQuerySchema), bindingVersion: '0.1.0' } },
}

const events = {
  address: '/events',
  title: 'Server-Sent Events',
  summary: 'Events.',
  description: `A stream (WHATWG HTML, "Server-sent events"), in which \`data\` is an event and \`id\` its \`event_id\`. ${listeningAs}\n\n${beginning} An \`EventSource\` says \`Last-Event-ID\` by itself.`,
  servers: [{ $ref: '#/servers/http' }, { $ref: '#/servers/https' }],
  messages: messagesOf(eventSchemas),
}

const sendEvents = {
  action: 'send',
  channel: { $ref: '#/channels/ws' },
  title: 'Events on a WebSocket',
  summary: 'What happens, as it happens.',
  description: 'It begins with `hello`.',
  messages: within('ws', webSocketEvents),
}

const streamEvents = {
  action: 'send',
  channel: { $ref: '#/channels/events' },
  title: 'Events on a stream',
  summary: 'What happens, as it happens.',
  description:
    'It begins with `hello`, and ends with `closing` where it is the server that ends it. With `wait` it is no stream but a long poll, as the OpenAPI document has it.',
  messages: within('events', eventSchemas),
  bindings: { http: { method: 'GET', query: published(EventsQuerySchema), bindingVersion: '0.3.0' } },
}

const receiveFrames = () =>
  Object.fromEntries(
    clientFrameSchemas.map((frame) => [
      `receive${String(frame.$id)}`,
      {
        action: 'receive',
        channel: { $ref: '#/channels/ws' },
        title: `A frame: ${frame.properties.type.const}`,
        description: frame.description,
        messages: within('ws', [frame]),
        reply: { channel: { $ref: '#/channels/ws' }, messages: within('ws', serverFrameSchemas) },
      },
    ]),
  )

function messagesOf(schemas: readonly TSchema[]) {
  return Object.fromEntries(schemas.map(({ $id = '' }) => [$id, { $ref: `#/components/messages/${$id}` }]))
}

/** Refers to messages as AsyncAPI wants it of an operation: by its channel. */
function within(channel: string, schemas: readonly TSchema[]) {
  return schemas.map(({ $id }) => ({ $ref: `#/channels/${channel}/messages/${String($id)}` }))
}
