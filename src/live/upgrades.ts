import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { WebSocketServer } from 'ws'
import { ChatError } from '../chat/chat-error.js'
import { answerSocket } from '../http/failures.js'

type TakeUpgrade = (request: IncomingMessage, socket: Socket, head: Buffer) => void

/**
 * Lets those who take upgrades have them only where a WebSocket is asked for at its path. Node takes every request that asks
 * for any upgrade for one, on any path; all others are served here as if they had not asked, which RFC 9110 section 7.8
 * allows: there are HTTP clients that ask for HTTP/2 with each request.
 */
export function narrowUpgrades(server: Server, isHere: (url: string) => boolean): void {
  // From 24.9 on Node asks; before, it has to be given the request a second time.
  if ('shouldUpgradeCallback' in server)
    server.shouldUpgradeCallback = (request: IncomingMessage) => asksFor(isHere, request)
  const takers = server.listeners('upgrade') as TakeUpgrade[]
  server.removeAllListeners('upgrade')
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const before = answerUnderWay(socket)
    if (before) {
      // Node has let go of the connection: the request does not learn by itself that its client is gone.
      before.req.destroy()
      socket.destroy()
    } else if (asksFor(isHere, request)) for (const take of takers) take.call(server, request, socket, head)
    else serve(server, request, socket, head)
  })
}

/** Answers what asks for a WebSocket and is no handshake (RFC 6455 section 4.2.1) in the words of the catalogue. */
export function answerBrokenHandshakes(server: WebSocketServer, origins: string): void {
  const answer = answerSocket(origins)
  server.on('wsClientError', ({ message }, socket) => {
    // Nobody else looks after it any more.
    socket.once('finish', () => socket.destroy())
    answer(new ChatError('bad_request', `${message}.`), socket as Socket)
  })
}

/**
 * The answer to a request that came before on the same connection: what would be said to a WebSocket would come before it,
 * or amidst it. The member is Node's own, by which one answer waits for the other.
 */
const answerUnderWay = (socket: Socket): ServerResponse | undefined =>
  (socket as { _httpMessage?: ServerResponse })['_httpMessage']

/** Scheme and authority of a target in absolute form (RFC 9112 section 3.2.2). */
const origin = /^https?:\/\/[^/?]+/i

/** Whether a handshake is meant; none has a body, and HTTP/1.0 knows no upgrades (RFC 9110 section 7.8). */
function asksFor(
  isHere: (url: string) => boolean,
  { method, url = '', headers, httpVersion }: IncomingMessage,
): boolean {
  const { upgrade, 'transfer-encoding': encoding, 'content-length': length = '0' } = headers
  if (upgrade?.toLowerCase() !== 'websocket' || encoding !== undefined || Number(length) > 0) return false
  return method === 'GET' && httpVersion !== '1.0' && isHere(url.replace(origin, ''))
}

/** Lets the server read the request again, without what asks for the upgrade. */
function serve(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  socket: Socket,
  head: Buffer,
) {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.toLowerCase() !== 'upgrade') lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}
