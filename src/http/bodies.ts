import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readBody } from './body-reader.js'
import { parseJson } from './json.js'

/** Takes JSON as bodies, and nothing else. @param mostBytes The largest one. */
export function takeJsonBodies(app: FastifyInstance, mostBytes: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', async ({ headers, raw }: FastifyRequest, stream: IncomingMessage) => {
    const delivery = app.deliveries.of(raw.socket)
    const onMemory = (bytes: number): void => {
      delivery?.receive(bytes)
      if (delivery) app.deliveries.hasRoom(delivery)
    }
    const declaredBytes = Number(headers['content-length'] ?? NaN)
    return parseJson(await readBody(stream, { mostBytes, declaredBytes, onMemory }), 'body')
  })
}
