import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { ChatError } from '../chat/chat-error.js'

/** Takes JSON in UTF-8 as bodies (RFC 8259 section 8.1), and nothing else. */
export function takeJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) done(new ChatError('malformed_json', 'The body is empty; send a JSON object.'))
    // Decoding would replace what is not UTF-8 in silence.
    else if (!isUtf8(body)) done(new ChatError('malformed_json', 'The body is not UTF-8.'))
    else void parse(request, body.toString(), done)
  })
}
