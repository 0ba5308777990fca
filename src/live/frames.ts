import type { TSchema } from '@sinclair/typebox'
import type { FastifyError, FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { ref } from '../../schemas/component.js'
import { errors } from '../../schemas/errors.js'
import {
  ClientFrameSchema,
  clientFrameSchemas,
  type AckFrame,
  type ClientFrame,
  type ErrorFrame,
} from '../../schemas/frames.js'
import { fixed } from '../../schemas/limits.js'
import { ChatError } from '../chat/chat-error.js'
import type { Caller } from '../chat/ports.js'
import { failureOf, retryAfterOf } from '../http/failures.js'
import { parseJson } from '../http/json.js'
import { buildValidator } from '../http/validation.js'
import { clientIdIn } from './refused-frames.js'

/** Counts a frame as a request. @throws {ChatError} rate_limited */
type CountRequest = () => void

/** Who speaks on a connection. */
export interface Speaker extends Caller {
  readonly count: CountRequest
  /** The answer to the last `send` on the connection. */
  lastSend?: Promise<Answer>
}

type Answer = AckFrame | ErrorFrame

export type AnswerFrame = (bytes: Buffer, speaker: Speaker) => Promise<Answer>

/**
 * Makes what answers the frames of WebSockets: held to the same schemas, and by the same methods, as what comes by HTTP.
 * To be called when the app has all components. It never rejects.
 */
export function answerFrames(app: FastifyInstance, logger: Logger): AnswerFrame {
  const validate = validator(app)
  const answer = async (frame: unknown, speaker: Speaker): Promise<Answer> => {
    try {
      if (frame instanceof Error) throw frame
      if (!validate(frame))
        throw Object.assign(new Error(), { validation: validate.errors, validationContext: 'frame' })
      return {
        type: 'ack',
        ...clientIdOf(membersOf(frame).client_id),
        ...(await act(app, frame as ClientFrame, speaker)),
      }
    } catch (thrown) {
      const failed = errorFrame(thrown as FastifyError | ChatError, membersOf(frame).client_id)
      if (errors[failed.code].status === 500) logger.error({ err: thrown as Error }, 'frame failed')
      return failed
    }
  }
  return (bytes, speaker) => {
    const refusal = refusalOf(speaker)
    // It may have been a send: it is not read.
    if (refusal) return (speaker.lastSend = Promise.resolve(errorFrame(refusal, clientIdIn(bytes))))
    const frame = read(bytes)
    const answered = answer(frame, speaker)
    if (membersOf(frame).type === 'send') speaker.lastSend = answered
    return answered
  }
}

/** Counts a frame, before it costs anything. @returns what to say if it is one too many */
function refusalOf({ count }: Speaker): ChatError | undefined {
  try {
    count()
    return undefined
  } catch (error) {
    return error as ChatError
  }
}

/** @param clientId What the frame has said as such. */
function errorFrame(error: FastifyError | ChatError, clientId: unknown): ErrorFrame {
  const { code, message, details } = failureOf(error)
  const again = errors[code].retry && { retry_after: retryAfterOf(error) }
  return { type: 'error', ...clientIdOf(clientId), code, message, ...again, ...(details && { details }) }
}

async function act(
  { chat }: FastifyInstance,
  frame: ClientFrame,
  { user: { name: username }, credentials, lastSend }: Speaker,
): Promise<Partial<AckFrame>> {
  switch (frame.type) {
    case 'send': {
      const { recipient, message, client_id, in_order: inOrder = false } = frame
      if (inOrder && lastSend) await follow(lastSend)
      const request = { sender: username, recipient, message, ...(client_id !== undefined && { client_id }) }
      const { message_id, sent_at } = await chat.surely(() => chat.send(request, credentials))
      return { message_id, sent_at, event_id: chat.cursor }
    }
    case 'typing':
      await chat.surely(() => chat.type(username, frame.recipient, credentials))
      return {}
    case 'ping':
      return {}
  }
}

/** Waits for the answer to the send before. @throws {ChatError} the same, if that was refused for a while */
async function follow(lastSend: Promise<Answer>): Promise<void> {
  const before = await lastSend
  if (before.type === 'error' && errors[before.code].retry)
    throw new ChatError(before.code, before.message, before.retry_after)
}

/** What was said, or the error that says why that is not known. */
function read(bytes: Buffer): unknown {
  try {
    return parseJson(bytes, 'frame')
  } catch (error) {
    return error
  }
}

/** What may be in a frame of which nothing is known. */
const membersOf = (frame: unknown): { readonly type?: unknown; readonly client_id?: unknown } => frame ?? {}

/** That of a frame, as long as it can be one: so whoever sent a frame that does not fit knows which one it was. */
function clientIdOf(id: unknown): { client_id?: string } {
  return typeof id === 'string' && id.length <= fixed.clientIdLength ? { client_id: id } : {}
}

type Validate = ((frame: unknown) => boolean) & { readonly errors?: FastifyError['validation'] }

function validator(app: FastifyInstance): Validate {
  const known = app.getSchemas() as Record<string, TSchema>
  const frames = [...clientFrameSchemas, ClientFrameSchema].map((schema): [string, TSchema] => [
    schema.$id ?? '',
    schema,
  ])
  const compile = buildValidator({ ...known, ...Object.fromEntries(frames) })
  return compile({ schema: ref(ClientFrameSchema), method: 'GET', url: '/ws', httpPart: 'body' } as never) as Validate
}
