import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { ChatError } from '../chat/chat-error.js'

/** What decoding puts in the place of what is not UTF-8; it may be meant, too. */
const replacement = '\ufffd'

/** Takes JSON in UTF-8 as bodies (RFC 8259 section 8.1), and nothing else. */
export function takeJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    try {
      done(null, parse(body))
    } catch (error) {
      done(error as Error)
    }
  })
}

/**
 * A `__proto__` in it is a field like others, which no schema knows: bodies are closed, so it is refused there.
 * @throws {ChatError} malformed_json
 */
function parse(body: Buffer): unknown {
  if (body.length === 0) throw new ChatError('malformed_json', 'The body is empty; send a JSON object.')
  const text = body.toString()
  if (text.includes(replacement) && !isUtf8(body)) throw new ChatError('malformed_json', 'The body is not UTF-8.')
  try {
    return JSON.parse(text)
  } catch {
    throw new ChatError('malformed_json', 'The body is not JSON.')
  }
}
