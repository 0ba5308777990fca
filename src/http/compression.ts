import compress from '@fastify/compress'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    /** For routes whose answers may be large. */
    largeAnswers: { threshold: number } | false
  }
}

/** @param threshold Answers from this many bytes on are compressed; 0 is never. */
export async function compressLargeAnswers(app: FastifyInstance, threshold: number): Promise<void> {
  app.decorate<FastifyInstance['largeAnswers']>('largeAnswers', threshold > 0 && { threshold })
  if (threshold > 0) await app.register(compress, { global: false, encodings: ['br', 'gzip', 'deflate'] })
}
