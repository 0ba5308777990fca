import type { FastifySchemaValidationError } from 'fastify'
import type { Failure } from '../../schemas/errors.js'
import { formats, type Format } from '../../schemas/formats.js'

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

interface InputError extends FastifySchemaValidationError {
  /** The value itself; there because the validators are verbose. */
  data?: unknown
}

const isFormat = (name: unknown): name is Format => typeof name === 'string' && name in formats

/** What does not fit, place by place, in words that say what would. */
export function inputDetails(errors: readonly InputError[], part: string): Details {
  const context = part === 'querystring' ? 'query' : part
  return errors.slice(0, most).map((error) => ({ path: `/${context}${pathOf(error)}`, message: wordsFor(error) }))
}

function pathOf({ keyword, instancePath, params }: InputError): string {
  const field =
    keyword === 'required'
      ? params['missingProperty']
      : keyword === 'additionalProperties'
        ? params['additionalProperty']
        : undefined
  return typeof field === 'string'
    ? `${instancePath}/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : instancePath
}

function wordsFor({ keyword, params, message = 'does not fit', data }: InputError): string {
  switch (keyword) {
    case 'required':
      return 'is required'
    case 'additionalProperties':
      return 'is not a field of this request'
    case 'type':
      return `must be ${articles[String(params['type'])] ?? String(params['type'])}`
    case 'enum':
      return `must be one of ${(params['allowedValues'] as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`
    case 'format':
      return (isFormat(params['format']) && typeof data === 'string' && formats[params['format']](data)) || message
    default:
      return message
  }
}
