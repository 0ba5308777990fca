import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import { ref } from '../../schemas/component.js'
import { errors, FailureSchema, type ErrorCode, type Failure } from '../../schemas/errors.js'
import type { AuthMode } from '../chat/access.js'
import { mapDiscriminators } from './discriminators.js'
import { identity, liveTag } from './identity.js'
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
    'What is told live, by WebSocket and Server-Sent Events, is described in [/asyncapi.json](/asyncapi.json).',
  ].join('\n\n'),
  license: { name: 'MIT', identifier: 'MIT' },
}

const tags = [
  { name: 'Users', description: 'Names, sessions, who is online.' },
  { name: 'Messages', description: 'Sending and polling.' },
  { name: 'Rooms', description: 'Rooms and who is in them.' },
  liveTag,
  { name: 'System', description: 'The announcement, and what operators ask.' },
]

/** The headers that come with a failure, beside those of every answer. */
function headersOf(status: number, codes: readonly ErrorCode[]) {
  const challenge = { 'WWW-Authenticate': { type: 'string', description: 'The challenge of RFC 6750 section 3.' } }
  const pause = { 'Retry-After': { type: 'integer', description: 'Seconds to wait.' } }
  const headers = { ...(status === 401 && challenge), ...(codes.some((code) => errors[code].retry) && pause) }
  return Object.keys(headers).length > 0 ? { headers } : {}
}

const exampleOf = (code: ErrorCode): Failure => ({ status: 'fail', code, message: errors[code].when })

function failureResponse(status: number, codes: readonly ErrorCode[]) {
  return {
    description: codes.map((code) => `\`${code}\`: ${errors[code].when}`).join('\n\n'),
    ...headersOf(status, codes),
    content: {
      'application/json': {
        schema: ref(FailureSchema),
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  }
}

function failureResponses(codes: readonly ErrorCode[]) {
  const statuses = [...new Set(codes.map((code) => errors[code].status))].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      failureResponse(
        status,
        codes.filter((code) => errors[code].status === status),
      ),
    ]),
  )
}

function documented(schema: FastifySchema, failures: readonly ErrorCode[], auth: AuthMode): FastifySchema {
  const security = schema.security?.filter((scheme) => auth === 'open' || Object.keys(scheme).length > 0)
  return {
    ...schema,
    ...(security && { security }),
    response: { ...(schema.response as object), ...failureResponses(failures) },
  }
}

/** Makes the document from the routes that are added from here on. */
export async function describeRoutes(app: FastifyInstance, auth: AuthMode): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      servers: [{ url: '/', description: 'This server.' }],
      tags,
      components: {
        securitySchemes: { bearerAuth, operatorAuth },
      },
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, i) => (typeof json['$id'] === 'string' ? json['$id'] : `def-${i}`),
    },
    transform: ({ schema, url, route }) => {
      const { failures } = route.config ?? {}
      return { url, schema: failures && schema ? documented(schema, failures, auth) : schema }
    },
    transformObject: (document) => {
      if (!('openapiObject' in document)) throw new TypeError('the document is an OpenAPI document')
      describeParameters(document.openapiObject as ParametersAndSchemas)
      mapDiscriminators(document.openapiObject.components?.schemas ?? {})
      return document.openapiObject
    },
  })
}

interface Parameter {
  description?: string
  example?: unknown
  readonly schema: { readonly $ref?: string }
}

interface ParametersAndSchemas {
  readonly paths: Record<string, Record<string, { readonly parameters?: Parameter[] }>>
  readonly components: {
    readonly schemas: Record<string, { readonly description?: string; readonly examples?: unknown[] }>
  }
}

/** The plugin drops what stands beside a `$ref`; a parameter that is one is described by what it refers to. */
function describeParameters({ paths, components }: ParametersAndSchemas): void {
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  for (const parameter of operations.flatMap(({ parameters = [] }) => parameters)) {
    const { description, examples } = components.schemas[parameter.schema.$ref?.split('/').at(-1) ?? ''] ?? {}
    if (examples) parameter.example ??= examples[0]
    if (description !== undefined) parameter.description ??= description
  }
}

/** The document as it is published and committed. */
export const documentText = (app: FastifyInstance): string => `${JSON.stringify(app.swagger(), null, 2)}\n`
