import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { ChatError } from '../chat/chat-error.js'

/** Where the build puts it. The sources are one folder nearer to it than what is built of them. */
const folder = new URL(import.meta.url.endsWith('.ts') ? '../../dist/client/' : '../../client/', import.meta.url)

/** Editors show a `.d.ts` beside a module as its types; as plain text a browser shows it, too. */
const mediaTypes = { 'client.js': 'text/javascript; charset=utf-8', 'client.d.ts': 'text/plain; charset=utf-8' }

interface StaticFile {
  readonly text: string
  /** Weak: the same for all content codings (RFC 9110 section 8.8.1). */
  readonly etag: string
}

/** Serves the client as one ES module, with its types: a page that imports it needs no build. */
export function serveClient(app: FastifyInstance): void {
  for (const [name, type] of Object.entries(mediaTypes)) {
    let file: Promise<StaticFile> | undefined
    app.get(`/${name}`, { schema: { hide: true } }, async (request, reply) => {
      const { text, etag } = await (file ??= read(name))
      // A page has it at hand, and asks whether the server has another one since.
      void reply.headers({ etag, 'cache-control': 'no-cache', 'content-type': type })
      return isKnown(etag, request.headers['if-none-match']) ? reply.code(304).send() : text
    })
  }
}

async function read(name: string): Promise<StaticFile> {
  const text = await readFile(new URL(name, folder), 'utf8').catch(() => {
    throw new ChatError('not_found', `${name} has not been built. \`npm run build\` makes it.`)
  })
  return { text, etag: `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` }
}

/** Whether the client has what the server would send (RFC 9110 section 13.1.2). */
const isKnown = (etag: string, ifNoneMatch = ''): boolean =>
  ifNoneMatch.split(',').some((known) => ['*', etag, etag.replace('W/', '')].includes(known.trim()))
