import type { TSchema } from '@sinclair/typebox'
import { eventSchemas } from '../../schemas/events.js'
import { clientFrameSchemas, serverFrameSchemas } from '../../schemas/frames.js'
import { components } from '../../schemas/index.js'
import type { Limits } from '../../schemas/limits.js'
import { showPatterns } from './format-patterns.js'

const frames = [...clientFrameSchemas, ...serverFrameSchemas]
const messages = [...eventSchemas, ...frames]

/** Every message of the live channels, by the name of its schema. */
export const liveMessages = () => Object.fromEntries(messages.map((schema) => [String(schema.$id), message(schema)]))

function message({ $id, description = '', examples, properties }: (typeof messages)[number]) {
  const type = properties.type.const
  return {
    name: type,
    title: `${type.slice(0, 1).toUpperCase()}${type.slice(1).replace('.', ' ')}`,
    summary: firstClause(description),
    payload: { $ref: `#/components/schemas/${String($id)}` },
    examples: (examples as unknown[]).map((payload) => ({ payload })),
  }
}

const firstClause = (text: string): string => `${text.split(/[.:;](?:\s|$)/, 1)[0]}.`

/** The schemas of the messages, and all that they refer to, with the bounds of this server. */
export function liveSchemas(limits: Limits): Record<string, unknown> {
  const schemas = new Map([...components(limits), ...frames].map((schema) => [String(schema.$id), schema]))
  const used = new Set(messages.map((schema) => String(schema.$id)))
  // What is added meanwhile is gone through as well.
  for (const name of used) for (const other of referredFrom(schemas.get(name))) used.add(other)
  return Object.fromEntries(
    [...schemas].flatMap(([name, schema]) => (used.has(name) ? [[name, published(schema)]] : [])),
  )
}

function referredFrom(schema: TSchema | undefined): string[] {
  return Array.from(JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g), ([, name = '']) => name)
}

/** A schema as a document has it: named by its key alone, and referring to components. */
export function published(schema: TSchema): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key === '$id') return undefined
    return key === '$ref' ? `#/components/schemas/${String(value)}` : value
  })
  showPatterns(copy)
  return copy
}
