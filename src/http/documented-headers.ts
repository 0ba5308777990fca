import { errors, type ErrorCode } from '../../schemas/errors.js'
import { componentName, type Reference } from './openapi-object.js'

/** The headers that the server answers with, beside those of HTTP itself. */
const headers = {
  'X-Request-Id': {
    description: 'Names the request; the log of the server has it, too.',
    schema: { type: 'string', examples: ['Kx2mPq8t-1a'] },
  },
  RateLimit: {
    description:
      'What is left of an allowance (draft-ietf-httpapi-ratelimit-headers): its name, `r` requests, and `t` seconds until there are more. Not there where nothing is limited.',
    schema: { type: 'string', examples: ['"requests";r=5999;t=60'] },
  },
  'RateLimit-Policy': {
    description: 'The allowance that is used up: its name, and `q` requests in `w` seconds.',
    schema: { type: 'string', examples: ['"requests";q=6000;w=60'] },
  },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer', examples: [1] } },
  'WWW-Authenticate': {
    description: 'The challenge of RFC 6750 section 3.',
    schema: { type: 'string', examples: ['Bearer'] },
  },
  Allow: { description: 'The methods that the path has.', schema: { type: 'string', examples: ['OPTIONS, POST'] } },
} as const

type HeaderName = keyof typeof headers

export const headerComponents = (): object =>
  Object.fromEntries(Object.entries(headers).map(([name, header]) => [componentName(name), header]))

const named = (...names: readonly HeaderName[]): Record<string, Reference> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${componentName(name)}` }]))

/** Those of every answer to a request. */
export const answerHeaders = named('X-Request-Id', 'RateLimit')

/** What is answered on the socket, since there is no whole request, has no headers of ours. */
const withoutRequest = new Set<ErrorCode>(['request_timeout', 'headers_too_large'])

export const failureHeaders = (status: number, codes: readonly ErrorCode[]): Record<string, Reference> => ({
  ...(codes.some((code) => !withoutRequest.has(code)) && answerHeaders),
  ...(status === 401 && named('WWW-Authenticate')),
  ...(status === 405 && named('Allow')),
  ...(status === 429 && named('RateLimit-Policy')),
  ...(codes.some((code) => errors[code].retry && !withoutRequest.has(code)) && named('Retry-After')),
})
