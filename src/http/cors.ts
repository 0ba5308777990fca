import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

/** How long a browser may keep the answer to a preflight, in seconds; Chromium's maximum. */
const preflightAge = 7200

/** Lets pages of these origins call: `*`, or a list. */
export async function allowOrigins(app: FastifyInstance, origins: string): Promise<void> {
  await app.register(cors, {
    origin: origins === '*' ? '*' : origins.split(',').map((origin) => origin.trim()),
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Last-Event-ID'],
    exposedHeaders: ['RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id'],
    maxAge: preflightAge,
    strictPreflight: false,
  })
}
