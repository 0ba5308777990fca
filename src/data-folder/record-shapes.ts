import type { TSchema } from '@sinclair/typebox'
import { Ajv, type ValidateFunction } from 'ajv'
import { formats } from '../../schemas/formats.js'
import { components } from '../../schemas/index.js'
import { isPayable } from '../../schemas/kept.js'
import { MessageRecordSchema, ServerRecordSchema } from '../../schemas/rows.js'
import { declaredTables } from '../chat/chat-state.js'
import { messageRows, rowKinds, serverRow } from './rows.js'

/** What is kept of one thing, and of what kind that is: the {@link rowKinds} say which there are. */
export interface KeptRecord {
  readonly kind: string
  readonly value: object
}

const schemas: ReadonlyMap<string, TSchema> = new Map<string, TSchema>([
  [serverRow.member, ServerRecordSchema],
  [messageRows.member, MessageRecordSchema],
  ...declaredTables().map(({ name, schema }): [string, TSchema] => [name, schema]),
])

/** Says what is wrong with the shape of a record; undefined if nothing is. */
export type ShapeProblem = (record: KeptRecord) => string | undefined

/** Compiles the schemas of the records. */
export function recordShapes(): ShapeProblem {
  const ajv = recordAjv()
  const validators = new Map<string, ValidateFunction>(
    Array.from(schemas, ([kind, schema]) => [kind, ajv.compile(schema)]),
  )
  return ({ kind, value }) => {
    const validate = validators.get(kind)
    if (!validate) return `it must be one of ${rowKinds.map(({ member }) => member).join(', ')}`
    return validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: kind })
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
