import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Settings } from '../../schemas/settings.js'
import { ChatError } from '../chat/chat-error.js'

/** What may be asked for, as the `Host` of a request says it: a name or an address, and a port. */
const form = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]]+)(?::\d*)?$/i
const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*)$/
const loopback = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/i

/** Whether a host is reached from this machine alone. */
export const isLoopback = (host: string): boolean => loopback.test(host)

/**
 * Takes requests that say once for which host they are (RFC 9112 section 3.2), and that it is one of ours. Else a page
 * could let its own name mean this machine, and would be of the same origin as a server that only this machine reaches.
 */
export function checkHosts(app: FastifyInstance, settings: Settings): void {
  const isOurs = hostCheck(settings)
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    done(problemOf(raw, isOurs))
  })
}

function problemOf({ rawHeaders, httpVersion }: IncomingMessage, isOurs: (name: string) => boolean) {
  const [host, other] = hostsIn(rawHeaders)
  if (host === undefined)
    return httpVersion === '1.0' ? undefined : new ChatError('bad_request', 'The request says for no host that it is.')
  const name = other === undefined ? form.exec(host)?.[1] : undefined
  if (name === undefined)
    return new ChatError('bad_request', '"Host" must be there once, as a name with or without port.')
  return isOurs(name.toLowerCase()) ? undefined : new ChatError('unknown_host')
}

/** Node keeps the first of several. */
function hostsIn(rawHeaders: readonly string[]): string[] {
  const hosts: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length === 'host'.length && name.toLowerCase() === 'host') hosts.push(rawHeaders[at + 1] ?? '')
  }
  return hosts
}

/** Addresses are not to be had by a name, and so are no danger. */
function hostCheck(settings: Settings): (name: string) => boolean {
  const { CHATROOM_HOSTS: said, CHATROOM_BASE_URL: base, CHATROOM_TRUST_PROXY: proxy, HOST: own } = settings
  if (said === '' && (proxy !== 'false' || !isLoopback(own))) return () => true
  const ours = new Set(said.toLowerCase().split(/[,\s]+/))
  if (base !== '') ours.add(new URL(base).hostname)
  return (name) => ours.has(name) || name === 'localhost' || name.endsWith('.localhost') || address.test(name)
}
