import type { FastifyInstance } from 'fastify'
import { ChatError } from '../chat/chat-error.js'

/** Preflights are answered for every path. */
const everywhere = 'OPTIONS'

/** Notes the routes that are added from here on. Returns what answers 405 with `Allow` (RFC 9110 section 15.5.6) for their other methods. */
export function answerWrongMethods(app: FastifyInstance): () => void {
  const urls = new Set<string>()
  app.addHook('onRoute', ({ url }) => {
    urls.add(url)
  })
  return () => {
    for (const url of urls) {
      const has = (method: string) => method === everywhere || app.hasRoute({ url, method })
      const allow = app.supportedMethods.filter(has).sort().join(', ')
      app.route({
        method: app.supportedMethods.filter((method) => !has(method)),
        url,
        schema: { hide: true },
        onRequest: (request, reply, done) => {
          void reply.header('allow', allow)
          done(new ChatError('method_not_allowed', `${request.method} is not a method of ${url}; it has ${allow}.`))
        },
        handler: () => undefined,
      })
    }
  }
}
