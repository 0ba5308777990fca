import type { TSchema } from '@sinclair/typebox'
import { CommandSchema, vocabulary, type Command } from '../../schemas/commands.js'
import type { Entry, Writer } from '../log/log.js'
import { version } from '../version.js'

/** Who writes commands here. */
export const writer: Writer = { vocabulary, program: version }

const schemas = new Map<unknown, TSchema>(CommandSchema.anyOf.map((schema) => [schema.properties.type.const, schema]))

/** The command of an entry; undefined if this version does not know it. */
export function readCommand({ writer: by, payload: { bytes } }: Entry): Command | undefined {
  const command = parsed(bytes)
  const schema = schemas.get(typeOf(command))
  if (!schema) return undefined
  // A later version may say more in a command that this one knows, and mean something else by it.
  if (by.vocabulary > vocabulary && unknownProperty(schema, command) !== undefined) return undefined
  return command as Command
}

/** Says of an entry, whose command this version does not know, what it is and what to do. */
export function unknownCommand({ position, writer: { program }, payload: { bytes } }: Entry): string {
  const command = parsed(bytes)
  const type = typeOf(command)
  const schema = schemas.get(type)
  const property = schema && unknownProperty(schema, command)
  const what = [
    type === undefined ? 'something' : `a command ${JSON.stringify(type)}`,
    ...(property === undefined ? [] : [`with ${JSON.stringify(property)}`]),
  ].join(' ')
  return `entry ${position} is ${what} that this chatroom (${version}) does not know: version ${program} has written it. Start that version, or a newer one; nothing is lost.`
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
  } catch {
    // Another version may have another form for it.
    return undefined
  }
}

const typeOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined

/** The first property of a value, or of what is in it, that its schema does not have. */
function unknownProperty(schema: TSchema, value: unknown): string | undefined {
  const { properties } = schema as { properties?: Readonly<Record<string, TSchema>> }
  if (!properties || typeof value !== 'object' || value === null) return undefined
  for (const [name, part] of Object.entries(value)) {
    const known = properties[name]
    const found = known ? unknownProperty(known, part) : name
    if (found !== undefined) return found
  }
  return undefined
}
