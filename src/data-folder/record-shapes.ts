import type { TSchema } from '@sinclair/typebox'
import { Ajv, type ValidateFunction } from 'ajv'
import { formats } from '../../schemas/formats.js'
import { components } from '../../schemas/index.js'
import { isPayable } from '../../schemas/kept.js'
import {
  MemberRecordSchema,
  MessageRecordSchema,
  RoomRecordSchema,
  SentRecordSchema,
  ServerRecordSchema,
  UserRecordSchema,
  type MemberRecord,
  type MessageRecord,
  type RoomRecord,
  type SentRecord,
  type ServerRecord,
  type UserRecord,
} from '../../schemas/records.js'

export type ChatRecord = ServerRecord | UserRecord | RoomRecord | MemberRecord | MessageRecord | SentRecord

/** In the order in which records come. */
export const recordTypes = [
  'server',
  'user',
  'room',
  'member',
  'message',
  'sent',
] as const satisfies ChatRecord['type'][]

const schemas: Readonly<Record<ChatRecord['type'], TSchema>> = {
  server: ServerRecordSchema,
  user: UserRecordSchema,
  room: RoomRecordSchema,
  member: MemberRecordSchema,
  message: MessageRecordSchema,
  sent: SentRecordSchema,
}

/** Says what a value is. */
export type ShapeOf = (value: unknown) => { readonly record: ChatRecord } | { readonly problem: string }

/** Compiles the schemas of the records. */
export function recordShapes(): ShapeOf {
  const ajv = recordAjv()
  const validators = new Map<unknown, ValidateFunction>(recordTypes.map((type) => [type, ajv.compile(schemas[type])]))
  return (value) => {
    const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
    const validate = validators.get(type)
    if (!validate) return { problem: `its "type" must be one of ${recordTypes.join(', ')}` }
    if (validate(value)) return { record: value as ChatRecord }
    return { problem: ajv.errorsText(validate.errors, { dataVar: String(type) }) }
  }
}

/** An Ajv that knows what schemas refer to. */
export function recordAjv(): Ajv {
  // The bounds are those of requests: what was kept may have come when they were others.
  const limits = { messageLength: Number.MAX_SAFE_INTEGER, participants: Number.MAX_SAFE_INTEGER }
  const ajv = new Ajv({ strict: false, schemas: components(limits) })
  for (const [name, check] of Object.entries(formats)) ajv.addFormat(name, (text: string) => check(text) === undefined)
  ajv.addFormat('argon2id', isPayable)
  // Times are compared with the number beside them, which says more.
  ajv.addFormat('date-time', true)
  // What is a number's bound to other languages is one to us by its maximum.
  ajv.addFormat('int64', true)
  return ajv
}
