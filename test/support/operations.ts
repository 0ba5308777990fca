import { readFileSync } from 'node:fs'
import type { TSchema } from '@sinclair/typebox'
import { clientFrameSchemas } from '../../schemas/frames.js'
import { components } from '../../schemas/index.js'
import type { Fields } from './worst-inputs.js'

/** What the committed document says that an operation takes. */
export interface Operation {
  /** Its method and an address of it. */
  readonly name: string
  readonly body: Fields | undefined
  /** The names of what may be in its query. */
  readonly query: readonly string[]
}

interface Described {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly requestBody?: { readonly content: Record<string, { readonly schema: { readonly $ref: string } }> }
}

interface Document {
  readonly paths: Record<string, Record<string, Described>>
}

const schemas = new Map(
  components({ messageLength: 4000, roomMembers: 10_000 }).map((schema) => [String(schema.$id), schema]),
)

/** Every operation, so that what is asked of all is asked of the next one, too. */
export function operations(): Operation[] {
  const document = JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8')) as Document
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      name: `${method.toUpperCase()} ${path.replace(/\{\w+\}/, 'bob')}`,
      body: requestBody && fieldsOf(schemaAt(requestBody.content['application/json']?.schema.$ref)),
      query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
    })),
  )
}

/** Every frame of a client. */
export const frames = (): { name: string; fields: Fields }[] =>
  clientFrameSchemas.map((schema) => ({ name: schema.properties.type.const, fields: fieldsOf(schema) }))

function fieldsOf({ properties, examples }: TSchema): Fields {
  const types = Object.entries(properties as Record<string, TSchema>).map(
    ([name, schema]) => [name, resolved(schema)] as const,
  )
  const named = (type: string) =>
    types.filter(([, schema]) => schema['type'] === type && !('const' in schema)).map(([name]) => name)
  return { right: (examples as Fields['right'][])[0] ?? {}, texts: named('string'), lists: named('array') }
}

const resolved = (schema: TSchema): TSchema => (typeof schema['$ref'] === 'string' ? schemaAt(schema['$ref']) : schema)

function schemaAt(reference = ''): TSchema {
  const schema = schemas.get(reference.split('/').at(-1) ?? '')
  if (!schema) throw new TypeError(`there is no ${reference}`)
  return schema
}
