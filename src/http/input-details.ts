import type { FastifySchemaValidationError } from 'fastify'
import type { Failure } from '../../schemas/errors.js'

type Details = NonNullable<Failure['details']>

/** More than these help nobody. */
const most = 20

const articles: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  boolean: 'true or false',
}

/** The longest name of a field that is told: one that is longer is no slip of the pen, and would come back twice. */
const longestName = 64

/** What does not fit, place by place, in words that say what would. */
export function inputDetails(errors: readonly FastifySchemaValidationError[], part: string): Details {
  const context = part === 'querystring' ? 'query' : part
  return errors.slice(0, most).map((error) => ({ path: `/${context}${pathOf(error)}`, message: wordsFor(error) }))
}

function pathOf({ keyword, instancePath, params }: FastifySchemaValidationError): string {
  const field =
    keyword === 'required'
      ? params['missingProperty']
      : keyword === 'additionalProperties'
        ? params['additionalProperty']
        : undefined
  return typeof field === 'string' && field.length <= longestName
    ? `${instancePath}/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : instancePath
}

function wordsFor({ keyword, params, message = 'does not fit' }: FastifySchemaValidationError): string {
  switch (keyword) {
    case 'required':
      return 'is required'
    case 'additionalProperties':
      return String(params['additionalProperty']).length > longestName
        ? `has a field with a name of more than ${longestName} characters, which is not of this request`
        : 'is not a field of this request'
    case 'type':
      return `must be ${articles[String(params['type'])] ?? String(params['type'])}`
    case 'enum':
      return `must be one of ${(params['allowedValues'] as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`
    default:
      return message
  }
}
