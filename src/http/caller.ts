import type { FastifyInstance } from 'fastify'
import { credentials, type Credentials } from '../chat/access.js'
import { addressOf } from './addresses.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the caller shows of itself. */
    credentials: Credentials
  }
}

/** Reads the token of each request, before anything else asks for it. */
export function readCredentials(app: FastifyInstance): void {
  app.decorateRequest('credentials', null as unknown as Credentials)
  app.addHook('onRequest', (request, _reply, done) => {
    request.credentials = credentials(bearerToken(request.headers.authorization), addressOf(request))
    done()
  })
}

// RFC 6750 section 2.1; the scheme is case-insensitive (RFC 9110 section 11.1).
const bearer = /^bearer(?: |$)/i

/** What comes as a token, whatever it is: what is none is refused, and not passed over. Other schemes are of others. */
function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || !bearer.test(authorization)) return undefined
  return authorization.slice('bearer '.length).trim()
}
