import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import type { ErrorCode } from '../../schemas/errors.js'
import type { Settings } from '../../schemas/settings.js'
import type { AuthMode } from '../chat/access.js'
import { DocumentedFailures } from './documented-failures.js'
import { answerHeaders, headerComponents } from './documented-headers.js'
import { describeParameters, shareParameters } from './documented-parameters.js'
import { showPatterns } from './format-patterns.js'
import { host, identity, liveTag, versions } from './identity.js'
import { olderOpenApi } from './older-openapi.js'
import { operationsOf, type OpenApi, type Operation } from './openapi-object.js'
import { bearerAuth, operatorAuth } from './security-schemes.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every failure that the operation can answer. */
    failures?: readonly ErrorCode[]
  }
}

const info = {
  ...identity,
  description: [
    'A chat backend: register, send, poll, listen, rooms.',
    'A success carries `"status": "success"`. A failure carries `"status": "fail"`, a `code` for programs and a `message` for people; each operation lists the codes that it can answer, and the server\'s state is then as it was before. Nothing in a body is coerced, dropped or truncated in silence.',
    'In open mode a guest needs no token. The name of an account is used with its token alone: `Authorization: Bearer …`.',
    'What is told live, by WebSocket and Server-Sent Events, is described in [asyncapi.json](asyncapi.json).',
    'A page need not speak this API itself: the client for browsers and Node.js is an ES module at [client.js](client.js), with its types at [client.d.ts](client.d.ts).',
    versions,
  ].join('\n\n'),
  license: { name: 'MIT', identifier: 'MIT' },
}

/** For tools that have the document from a file, and so nothing that another URL is relative to. */
const absolute = {
  url: 'http://{host}',
  description: 'A server that is known by its host.',
  variables: { host: { ...host } },
}

const tags = [
  { name: 'Users', description: 'Names, and who is online.' },
  { name: 'Messages', description: 'Sending and polling.' },
  { name: 'Rooms', description: 'Rooms and who is in them.' },
  liveTag,
  { name: 'System', description: 'The announcement, and what operators ask.' },
  // Last, so that a reader who tries one operation after the other is somebody until then.
  { name: 'Sessions', description: 'How a session ends.' },
]

/** Security without a token is not for a server that asks everybody for one. */
function securedBy(auth: AuthMode, schema: FastifySchema): FastifySchema {
  const security = schema.security?.filter((scheme) => auth === 'open' || Object.keys(scheme).length > 0)
  return { ...schema, ...(security && { security }) }
}

/** The server of a document: where the document is, whatever a proxy has put before its path (RFC 3986 section 5). */
export const beside = '.'

/** Makes the document from the routes that are added from here on. */
export async function describeRoutes(app: FastifyInstance, settings: Settings): Promise<void> {
  const failures = new Map<string, readonly ErrorCode[]>()
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      tags,
      components: {
        securitySchemes: { bearerAuth, operatorAuth },
      },
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, i) => (typeof json['$id'] === 'string' ? json['$id'] : `def-${i}`),
    },
    transform: ({ schema, url, route }) => {
      if (schema?.operationId !== undefined) failures.set(schema.operationId, route.config?.failures ?? [])
      return { url, schema: securedBy(settings.CHATROOM_AUTH, schema) }
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) throw new TypeError('the document is an OpenAPI document')
      // The plugin knows no relative ones.
      const { CHATROOM_BASE_URL: url } = settings
      const servers = [{ url: url || beside, description: 'This server.' }, ...(url === '' ? [absolute] : [])]
      Object.assign(document.openapiObject, { servers })
      complete(document.openapiObject as unknown as OpenApi, failures)
      // YAML would name what stands in several places, and parsers take many such names for an attack.
      return JSON.parse(JSON.stringify(document.openapiObject)) as typeof document.openapiObject
    },
  })
}

/** Adds what the plugin cannot say. */
function complete(document: OpenApi, failures: ReadonlyMap<string, readonly ErrorCode[]>): void {
  describeParameters(document)
  shareParameters(document)
  showPatterns(document)
  const documented = new DocumentedFailures()
  for (const operation of operationsOf(document)) {
    const successes = Object.entries(operation.responses).map(([status, response]) => [
      status,
      { ...response, headers: answerHeaders },
    ])
    operation.responses = {
      ...(Object.fromEntries(successes) as Operation['responses']),
      ...documented.responses(failures.get(operation.operationId) ?? []),
    }
  }
  Object.assign(document.components, { headers: headerComponents(), responses: documented.components })
}

/** The document as it is published and committed. */
export const documentText = (app: FastifyInstance): string => textOf(app.swagger())

/** The same for tools that know no OpenAPI 3.1. */
export const olderDocumentText = (app: FastifyInstance): string => textOf(olderOpenApi(app.swagger()))

const textOf = (document: object): string => `${JSON.stringify(document, null, 2)}\n`
