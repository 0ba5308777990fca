import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ChatError } from '../chat/chat-error.js'
import { readBody } from './body-reader.js'
import { parseJson } from './json.js'

/** Takes JSON in UTF-8 as bodies, and nothing else. @param mostBytes The largest one. */
export function takeJsonBodies(app: FastifyInstance, mostBytes: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', async (request: FastifyRequest, stream: IncomingMessage) => {
    checkCoding(request)
    const { headers, raw } = request
    const delivery = app.deliveries.of(raw.socket)
    const onMemory = (bytes: number): void => {
      delivery?.receive(bytes)
      if (delivery) app.deliveries.hasRoom(delivery)
    }
    const declaredBytes = Number(headers['content-length'] ?? NaN)
    return parseJson(await readBody(stream, { mostBytes, declaredBytes, onMemory }), 'body')
  })
}

const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i
/** Texts in it are in UTF-8, too. */
const readable = new Set(['utf-8', 'utf8', 'us-ascii'])

/**
 * Bytes that mean something else than they seem to are refused before they are read, as what they are (RFC 9110 section
 * 15.5.16). @throws {ChatError} unsupported_media_type
 */
function checkCoding({ headers }: FastifyRequest): void {
  const { 'content-encoding': coding = 'identity', 'content-type': type = '' } = headers
  if (coding.toLowerCase() !== 'identity')
    throw new ChatError('unsupported_media_type', 'Send the body as it is, without "Content-Encoding".')
  const name = charset.exec(type)?.[1]?.toLowerCase()
  if (name !== undefined && !readable.has(name))
    throw new ChatError('unsupported_media_type', 'Send the body in UTF-8; JSON has no other charset.')
}
