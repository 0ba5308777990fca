import type { FastifyInstance } from 'fastify'
import { parseJson } from './json.js'

/** Takes JSON as bodies, and nothing else. */
export function takeJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    try {
      done(null, parseJson(body, 'body'))
    } catch (error) {
      done(error as Error)
    }
  })
}
