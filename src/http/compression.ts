import compress from '@fastify/compress'
import type { FastifyInstance } from 'fastify'

/** Texts of every kind, and the scripts and pictures that are texts; the plugin knows no scripts. */
const texts = /^text\/(?!event-stream)|[/+](?:json|javascript|xml|yaml)(?:;|$)/

/** @param threshold Answers, documents and files from this many bytes on are compressed; 0 is never. */
export async function compressLargeAnswers(app: FastifyInstance, threshold: number): Promise<void> {
  if (threshold > 0)
    await app.register(compress, {
      threshold,
      customTypes: texts,
      encodings: ['br', 'gzip', 'deflate'],
      globalDecompression: false,
    })
}
