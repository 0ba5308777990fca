import type { Http } from '../http.js'
import type { Rung } from '../ladder.js'
import { poll } from './poll.js'
import { sse } from './sse.js'
import { transportNames, type Transport, type TransportName } from './transport.js'
import { websocket, type WebSocketConstructor } from './websocket.js'

/**
 * The transports that there are here, the best first.
 * @throws {TypeError} if there is none
 */
export function rungsOf(
  http: Http,
  WebSocket: WebSocketConstructor | undefined,
  names: readonly TransportName[] = transportNames,
): [Rung, ...Rung[]] {
  const transports: Readonly<Record<TransportName, Transport | undefined>> = {
    websocket: WebSocket && websocket(http, WebSocket),
    sse: sse(http),
    poll: poll(http),
  }
  const [best, ...others] = names.flatMap((name) => {
    const transport = transports[name]
    return transport ? [{ name, transport }] : []
  })
  if (!best) throw new TypeError('There is no transport: this platform has no WebSocket.')
  return [best, ...others]
}
