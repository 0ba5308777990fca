import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clientFrameSchemas } from '../../schemas/frames.js'
import { root } from '../clients/run-bin.js'
import { inlineParts } from './inline-parts.js'
import type { Fields } from './worst-inputs.js'

/** What the committed document says that an operation takes. */
export interface Operation {
  readonly method: string
  /** An address of it. */
  readonly path: string
  readonly body: Fields | undefined
  /** The names of what may be in its query, and of those the numbers. */
  readonly query: readonly string[]
  readonly numbers: readonly string[]
}

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly examples?: readonly Fields['right'][]
  readonly properties?: Readonly<Record<string, Schema>>
}

interface Described {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const file = join(root, 'openapi/openapi.json')
const { paths, components } = inlineParts(JSON.parse(readFileSync(file, 'utf8')) as Document)

/** Every operation, so that what is asked of all is asked of the next one, too. */
export const operations = (): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const query = parameters.filter((parameter) => parameter.in === 'query')
      const schema = requestBody?.content['application/json']?.schema
      return {
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, 'bob'),
        body: schema && fieldsOf(resolved(schema)),
        query: query.map(({ name }) => name),
        numbers: query.flatMap(({ name, schema }) => (resolved(schema).type === 'integer' ? [name] : [])),
      }
    }),
  )

/** Every frame of a client. */
export const frames = (): { type: string; fields: Fields }[] =>
  clientFrameSchemas.map((schema) => ({ type: schema.properties.type.const, fields: fieldsOf(schema as Schema) }))

function fieldsOf({ properties = {}, examples = [] }: Schema): Fields {
  const fields = Object.entries(properties).map(([name, schema]) => ({ name, ...resolved(schema) }))
  const named = (type: string) => fields.filter((it) => it.type === type && !('const' in it)).map(({ name }) => name)
  return { right: examples[0] ?? {}, texts: named('string'), lists: named('array') }
}

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1)
  const found = name === undefined ? schema : components.schemas[name]
  if (!found) throw new TypeError(`there is no ${schema.$ref}`)
  return found
}
