import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Settings } from '../../schemas/settings.js'
import { limitsOf } from '../settings.js'
import { asyncApiText } from './asyncapi.js'
import type { OpenApi } from './openapi-object.js'
import { beside, documentText, olderDocumentText } from './openapi.js'

/** Swagger UI itself, which is there in the page when what is said here is called. */
declare const ui: { preauthorizeApiKey(scheme: string, token: string | undefined): void }

/** Serves the documents, and Swagger UI to explore the API. To be called when the routes are there. */
export async function serveDocs(app: FastifyInstance, settings: Settings): Promise<void> {
  await app.register(exploring)
  const hidden = { schema: { hide: true } }
  const published: { json?: string; older?: string; yaml?: string; live?: string } = {}
  app.get('/openapi.json', hidden, (_request, reply) => {
    void reply.type('application/json; charset=utf-8').send((published.json ??= documentText(app)))
  })
  // A person who opens the server in a browser wants to see what there is.
  app.get('/', hidden, (_request, reply) => reply.redirect(`${settings.CHATROOM_BASE_URL || '.'}/docs/`))
  app.get('/openapi-3.0.json', hidden, (_request, reply) => {
    void reply.type('application/json; charset=utf-8').send((published.older ??= olderDocumentText(app)))
  })
  app.get('/openapi.yaml', hidden, (_request, reply) => {
    void reply.type('application/yaml; charset=utf-8').send((published.yaml ??= app.swagger({ yaml: true })))
  })
  app.get('/asyncapi.json', hidden, (_request, reply) => {
    void reply
      .type('application/json; charset=utf-8')
      .send((published.live ??= asyncApiText(limitsOf(settings), settings.CHATROOM_BASE_URL)))
  })
}

/** Swagger UI. All that it refers to is told from where its page is, so that it works behind a proxy's prefix, too. */
const exploring: FastifyPluginAsync = async (app) => {
  app.addHook('onRequest', (request, reply, done) => {
    // From here on the page says where its parts are by itself.
    if (/^\/docs(?:\?|$)/.test(request.url)) void reply.redirect('docs/')
    else if (request.url.startsWith('/docs/static/index.html')) void reply.redirect('../')
    else done()
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: docsPolicy,
    theme: { title: 'ChatRoom' },
    // Without the bar that asks for other documents, which the policy would not load.
    uiConfig: {
      layout: 'BaseLayout',
      defaultModelsExpandDepth: 0,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      responseInterceptor: actAsWhoLoggedIn,
    },
    transformSpecification: (document) => ({ ...document, servers: serversFrom(document as unknown as OpenApi) }),
    transformSpecificationClone: false,
  })
}

/** Those of the document that is a folder above. */
const serversFrom = ({ servers }: OpenApi) =>
  servers.map((server) => (server.url === beside ? { ...server, url: '..' } : server))

interface Shown {
  readonly ok: boolean
  readonly url: string
  readonly body?: { readonly token?: string }
}

/** Lets Swagger UI act as the user who was registered, or logged in, last. It is run in the page, and so knows nothing of here. */
const actAsWhoLoggedIn = <T>(response: T): T => {
  const { ok, url, body } = response as Shown
  if (ok && /\/(?:register|login)$/.test(url)) ui.preauthorizeApiKey('bearerAuth', body?.token)
  return response
}

/** Lets Swagger UI load its own parts and call its own server; it is not the plugin's, which would send plain HTTP to HTTPS. */
const docsPolicy =
  "default-src 'self'; base-uri 'self'; frame-ancestors 'self'; img-src 'self' data:; object-src 'none'; script-src-attr 'none'"
