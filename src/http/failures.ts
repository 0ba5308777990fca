import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { errors, type ErrorCode, type Failure } from '../../schemas/errors.js'
import { ChatError } from '../chat/chat-error.js'
import { addressOf } from './addresses.js'
import type { Allowance } from './allowance.js'
import { breakOff, closeTimeout } from './closing.js'
import type { Allow } from './cors.js'
import { drain } from './draining.js'
import { setFixedHeaders } from './headers.js'
import { inputDetails } from './input-details.js'
import type { LogWhenOver } from './logging.js'
import { spend } from './rate-limit.js'
import { isRefusal, type Refusals } from './refusals.js'

const timedOut = 'ERR_HTTP_REQUEST_TIMEOUT'

/** What Fastify and Node say, in the words of the catalogue. */
const translations: Readonly<Record<string, readonly [ErrorCode, string?]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported_media_type',
    'Send the body as JSON, with "Content-Type: application/json".',
  ],
  FST_ERR_BAD_URL: ['bad_request', 'The path cannot be decoded.'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri_too_long'],
  HPE_HEADER_OVERFLOW: ['headers_too_large'],
  [timedOut]: ['request_timeout'],
}

/** Seconds after which a passing failure is worth another try, where nothing better is known. */
const soon = 1

const failure = (code: ErrorCode, message: string = errors[code].when): Failure => ({ status: 'fail', code, message })

/** What to answer to an error: the catalogue's words for what is known, `internal_error` for what is not. */
export function failureOf(error: FastifyError | ChatError): Failure {
  if (error instanceof ChatError) return failure(error.code, error.message)
  if (error.validation) {
    const details = inputDetails(error.validation, error.validationContext ?? '')
    const [first] = details
    return { ...failure('invalid_request', first && `${first.path} ${first.message}.`), details }
  }
  const [code, message] = translations[error.code] ?? []
  if (code) return failure(code, message)
  return failure(codeOf(error.statusCode))
}

/** For an error of which nothing is known but its status: what serves the files of Swagger UI has such. */
function codeOf(status = 500): ErrorCode {
  if (status < 400 || status >= 500) return 'internal_error'
  return status === 403 || status === 404 ? 'not_found' : 'bad_request'
}

/** The seconds after which a failure that passes is worth another try. */
export const retryAfterOf = (error: FastifyError | ChatError): number =>
  (error instanceof ChatError ? error.retryAfter : undefined) ?? soon

export type Answer = (error: FastifyError | ChatError, request: FastifyRequest, reply: FastifyReply) => void

/** Makes what answers an error: in the words of the catalogue to the client, in its own to the log. */
export function answerTo(logger: Logger, refusals: Refusals): Answer {
  return (error, request, reply) => {
    const body = failureOf(error)
    request.failure = body.code
    const { status, retry } = errors[body.code]
    if (isRefusal(status)) refusals.count(body.code, request)
    else if (status >= 500) logger.error({ err: error, id: request.id }, 'request failed')
    // RFC 6750 section 3: a challenge goes with every 401.
    if (status === 401)
      void reply.header('www-authenticate', isNoToken(body.code) ? 'Bearer error="invalid_token"' : 'Bearer')
    // RFC 9110 sections 12.5.3 and 15.5.16.
    if (status === 415) void reply.header('accept-encoding', 'identity')
    if (status === 413) drain(request, reply)
    if (retry) void reply.header('retry-after', retryAfterOf(error))
    void reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
  }
}

/** RFC 6750 section 3.1 has one word for a token that is none and for one that has expired. */
const isNoToken = (code: ErrorCode): boolean => code === 'invalid_token' || code === 'token_expired'

/** Answers every error from the one catalogue, and what has no route. */
export function answerFailures(app: FastifyInstance, answer: Answer): void {
  app.setErrorHandler<FastifyError | ChatError>(answer)
  app.setNotFoundHandler((request, reply) => {
    answer(
      new ChatError('not_found', `There is nothing at ${request.url.split('?', 1)[0] ?? ''}; see /docs.`),
      request,
      reply,
    )
  })
}

/** For what reaches no route, since its path cannot be decoded: no hook has run. It counts as a request. */
export const answerUnrouted =
  (answer: Answer, allow: Allow, requests: Allowance, logWhenOver: LogWhenOver): Answer =>
  (error, request, reply) => {
    logWhenOver(request, reply)
    setFixedHeaders(request, reply)
    allow(request, reply)
    answer(spend(requests, { address: addressOf(request) }, reply) ?? error, request, reply)
  }

/** For what is not HTTP, is too large or too slow. It counts as a request; what is one too many is told nothing. */
export function answerBrokenHttp(setting: string, requests: Allowance) {
  const answer = answerSocket(setting)
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    const left = requests.use({ address: addressOf({ ip: socket.remoteAddress }) })
    if (left && left.count < 0) socket.destroy()
    else answer(error, socket)
  }
}

/** The last words on a socket that has no answer. Who asks is not known there, so a page can read them if all may. */
export const answerSocket =
  (setting: string) =>
  (error: NodeJS.ErrnoException | ChatError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const said =
      error instanceof ChatError ? failureOf(error) : failure(translations[error.code ?? '']?.[0] ?? 'bad_request')
    const body = JSON.stringify(said)
    const { status } = errors[said.code]
    const readable = setting === '*' ? 'Access-Control-Allow-Origin: *\r\n' : ''
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: application/json; charset=utf-8\r\n${readable}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
    // What was too slow is over; others may still be sending what makes the peer lose the answer, if it is broken off.
    if (error.code === timedOut) socket.destroySoon()
    else setTimeout(() => breakOff(socket), closeTimeout).unref()
  }
