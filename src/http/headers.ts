import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * What an API has to say to a browser (OWASP REST Security Cheat Sheet), fixed once: answers are data, are not to be
 * sniffed, framed or cached; pages of other origins may read them as CORS allows. Swagger UI sets its own policy.
 */
const fixedHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
}

export const setFixedHeaders = (request: FastifyRequest, reply: FastifyReply): void => {
  void reply.headers(fixedHeaders).header('x-request-id', request.id)
}

export function setHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    setFixedHeaders(request, reply)
    done()
  })
}
