import cors from '@fastify/cors'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** How long a browser may keep the answer to a preflight, in seconds; Chromium's maximum. */
const preflightAge = 7200
const exposedHeaders = 'Allow, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id'

/** Lets pages of these origins call: `*`, or a list. */
export function allowOrigins(app: FastifyInstance, setting: string): void {
  const allow = allowing(setting)
  app.addHook('onRequest', (request, reply, done) => {
    allow(request, reply)
    done()
  })
}

/**
 * Answers what browsers ask before they call, and allows whatever headers are asked for, as tools add some. To be called after
 * what counts requests, since nothing that is added later is run for them.
 */
export async function answerPreflights(app: FastifyInstance, setting: string): Promise<void> {
  // In a scope of its own: on every request the plugin would cost more than those two headers.
  await app.register(async (preflights) => {
    await preflights.register(cors, {
      origin: setting === '*' ? setting : listOf(setting),
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      maxAge: preflightAge,
      strictPreflight: false,
    })
  })
}

/** Whether pages of an origin may call. */
export function originCheck(setting: string): (origin: string) => boolean {
  if (setting === '*') return () => true
  const origins = new Set(listOf(setting))
  return (origin) => origins.has(origin)
}

const listOf = (setting: string): string[] => setting.split(',').map((origin) => origin.trim())

export type Allow = (request: FastifyRequest, reply: FastifyReply) => void

/** What lets the page that asks read the answer. */
export const allowing = (setting: string): Allow => (setting === '*' ? allowAll : allowThose(originCheck(setting)))

// Without credentials, which a browser does not send to `*`, one star exposes all headers.
const allowAll: Allow = (_request, reply) => {
  void reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', '*')
}

const allowThose =
  (isAllowed: (origin: string) => boolean): Allow =>
  ({ headers: { origin } }, reply) => {
    // The answer differs by origin, which caches must know (Fetch, "CORS protocol and HTTP caches").
    void reply.header('vary', 'Origin')
    if (origin === undefined || !isAllowed(origin)) return
    void reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', exposedHeaders)
  }
