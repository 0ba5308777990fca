import { errors, FailureSchema, type ErrorCode, type Failure } from '../../schemas/errors.js'
import { answerHeaders, failureHeaders } from './documented-headers.js'
import { componentName, type Reference, type Response } from './openapi-object.js'

const schema = { $ref: `#/components/schemas/${String(FailureSchema.$id)}` }

/**
 * The answers by which operations fail. What has one code is a component of that name; what has several is said in its place,
 * since its name would be another one as soon as there is one code more.
 */
export class DocumentedFailures {
  /** What answers a failure that the document does not know. */
  readonly components: Record<string, Response> = {
    OtherFailure: {
      description: 'Any other failure. Later versions may have more of them: go by the status, and show `message`.',
      headers: answerHeaders,
      content: { 'application/json': { schema } },
    },
  }

  /** The responses of an operation that can answer these codes, by status. */
  responses(codes: readonly ErrorCode[]): Record<string, Response | Reference> {
    const statuses = [...new Set(codes.map((code) => errors[code].status))].sort((a, b) => a - b)
    const failures = statuses.map((status) => [
      status,
      this.#response(
        status,
        codes.filter((code) => errors[code].status === status),
      ),
    ])
    return { ...(Object.fromEntries(failures) as Record<string, Response>), default: referTo('OtherFailure') }
  }

  #response(status: number, codes: readonly ErrorCode[]): Response | Reference {
    const response = failureResponse(status, codes)
    const [code = '', another] = codes
    if (another !== undefined) return response
    const name = componentName(code)
    this.components[name] = response
    return referTo(name)
  }
}

const referTo = (name: string): Reference => ({ $ref: `#/components/responses/${name}` })

const exampleOf = (code: ErrorCode): Failure => ({ status: 'fail', code, message: errors[code].when })

const failureResponse = (status: number, codes: readonly ErrorCode[]): Response => ({
  description: codes.map((code) => `\`${code}\`: ${errors[code].when}`).join('\n\n'),
  headers: failureHeaders(status, codes),
  content: {
    'application/json': {
      schema,
      examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
    },
  },
})
