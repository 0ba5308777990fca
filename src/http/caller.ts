import type { FastifyInstance } from 'fastify'
import { credentials, type Credentials } from '../chat/access.js'
import { addressOf } from './addresses.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the caller shows of itself. */
    credentials: Credentials
  }
}

// RFC 6750 section 2.1; the scheme is case-insensitive (RFC 9110 section 11.1).
const bearer = /^bearer +(\S+) *$/i

/** Reads the token of each request, before anything else asks for it. */
export function readCredentials(app: FastifyInstance): void {
  app.decorateRequest('credentials', null as unknown as Credentials)
  app.addHook('onRequest', (request, _reply, done) => {
    const { authorization } = request.headers
    const token = authorization === undefined ? undefined : bearer.exec(authorization)?.[1]
    request.credentials = credentials(token, addressOf(request))
    done()
  })
}
