import type { IncomingMessage } from 'node:http'

/** The path of `CHATROOM_BASE_URL`, without a slash at its end. */
export const prefixOf = (baseUrl: string): string =>
  baseUrl === '' ? '' : new URL(baseUrl).pathname.replace(/\/$/, '')

/** Takes the prefix from the path of a request; one without it, as supervisors ask, is served as it is. */
export function within(baseUrl: string): (request: Pick<IncomingMessage, 'url'>) => string {
  const prefix = prefixOf(baseUrl)
  return ({ url = '/' }) => {
    if (prefix === '' || !url.startsWith(prefix)) return url
    const rest = url.slice(prefix.length)
    if (rest.startsWith('/')) return rest
    return rest === '' || rest.startsWith('?') ? `/${rest}` : url
  }
}
