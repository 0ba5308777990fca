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
import type { Caller } from '../hub/subscription.js'
import { failureOf } from '../http/failures.js'
import { buildValidator } from '../http/validation.js'

/** Counts a frame as a request. @throws {ChatError} rate_limited */
export type CountRequest = () => void

export type AnswerFrame = (
  text: string,
  speaker: Caller & { readonly count: CountRequest },
) => Promise<AckFrame | ErrorFrame>

/**
 * Makes what answers the frames of WebSockets: held to the same schemas, and by the same methods, as what comes by HTTP.
 * To be called when the app has all components. It never rejects.
 */
export function answerFrames(app: FastifyInstance, logger: Logger): AnswerFrame {
  const validate = validator(app)
  return async (text, speaker) => {
    let frame: unknown
    try {
      speaker.count()
      frame = parse(text)
      if (!validate(frame))
        throw Object.assign(new Error(), { validation: validate.errors, validationContext: 'frame' })
      return { type: 'ack', ...clientIdOf(frame), ...(await act(app, frame as ClientFrame, speaker)) }
    } catch (error) {
      const { code, message, details } = failureOf(error as FastifyError | ChatError)
      if (errors[code].status === 500) logger.error({ err: error as Error }, 'frame failed')
      return { type: 'error', ...clientIdOf(frame), code, message, ...(details && { details }) }
    }
  }
}

async function act(
  { chat }: FastifyInstance,
  frame: ClientFrame,
  { user: { name: username }, credentials }: Caller,
): Promise<Partial<AckFrame>> {
  switch (frame.type) {
    case 'send': {
      const { recipient, message, client_id } = frame
      const request = { sender: username, recipient, message, ...(client_id !== undefined && { client_id }) }
      const { message_id, sent_at } = await chat.send(request, credentials)
      return { message_id, sent_at }
    }
    case 'typing':
      chat.type(username, frame.recipient, credentials)
      return {}
    case 'ping':
      return {}
  }
}

/** @throws {ChatError} malformed_json */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ChatError('malformed_json', 'The frame is not JSON.')
  }
}

/** That of a frame, as long as it can be one: so whoever sent a frame that does not fit knows which one it was. */
function clientIdOf(frame: unknown): { client_id?: string } {
  const { client_id: id } = (frame ?? {}) as { readonly client_id?: unknown }
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
