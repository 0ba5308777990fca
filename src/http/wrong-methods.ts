import type { FastifyInstance } from 'fastify'
import { ChatError } from '../chat/chat-error.js'

/** Preflights are answered for every path. */
const everywhere = 'OPTIONS'

/** A path that is served, and its methods. */
interface Place {
  readonly url: string
  readonly pattern: RegExp
  readonly methods: Set<string>
}

/**
 * Answers what has no route before its body is read: 405 with `Allow` (RFC 9110 section 15.5.6) where the path has other
 * methods, whatever the method is called. Knows the routes that are added from here on.
 */
export function answerWrongMethods(app: FastifyInstance): void {
  const places = new Map<string, Place>()
  app.addHook('onRoute', ({ url, method }) => {
    const place = places.get(url) ?? { url, pattern: patternOf(url), methods: new Set([everywhere]) }
    for (const one of [method].flat()) place.methods.add(one)
    places.set(url, place)
  })
  app.addHook('onRequest', (request, reply, done) => {
    const place = request.is404 ? placeAt(places.values(), request.url) : undefined
    if (place === undefined) {
      done()
      return
    }
    const allow = [...place.methods].sort().join(', ')
    void reply.header('allow', allow)
    done(new ChatError('method_not_allowed', `${request.method} is not a method of ${place.url}; it has ${allow}.`))
  })
}

/** Of a template of the router, in which a name stands for a part of the path and a star for all that follows. */
function patternOf(url: string): RegExp {
  const parts = url.split(/(:\w+|\*)/).map((part, index) => {
    if (index % 2 === 0) return part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
    return part === '*' ? '.*' : '[^/]+'
  })
  return new RegExp(`^${parts.join('')}$`)
}

/** Where a path of itself is served, that counts; a star is for what else there is. */
function placeAt(places: Iterable<Place>, url: string): Place | undefined {
  const path = url.split(/[?#]/, 1)[0] ?? url
  const found = [...places].filter(({ pattern }) => pattern.test(path))
  return found.find((place) => place.url === path) ?? found[0]
}
