import { closingOf, unexpected } from '../chatroom-error.js'
import type { Http } from '../http.js'
import type { Transport, Wire } from './transport.js'

/** What the client needs of a WebSocket: that of a browser, of Node.js 22, or of the package `ws`. */
export interface WebSocketLike {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void
  addEventListener(type: 'open' | 'error', listener: () => void): void
  send(text: string): void
  close(): void
}

export type WebSocketConstructor = new (url: string) => WebSocketLike

export const websocket =
  (http: Http, WebSocket: WebSocketConstructor): Transport =>
  async (wire) => {
    const code = await untilClosed(wire, new WebSocket(urlOf(http, wire)))
    if (code !== undefined) throw closingOf(code)
    // A refusal has no words here, but it has them elsewhere; so has a network that is gone.
    await http.call('streamEvents', { wait: 0 }, wire)
    throw unexpected('The WebSocket cannot be opened.')
  }

/** Gives the code that the socket is closed with; none if nothing has come before, nor is the code the server's. */
const untilClosed = (wire: Wire, socket: WebSocketLike): Promise<number | undefined> =>
  new Promise((resolve) => {
    let works = false
    wire.signal.addEventListener('abort', () => {
      socket.close()
      resolve(undefined)
    })
    socket.addEventListener('open', () => {
      wire.speaks((frame) => socket.send(JSON.stringify(frame)))
    })
    socket.addEventListener('message', ({ data }) => {
      works = true
      wire.heard()
      wire.receive(String(data))
    })
    // The close that follows says more.
    socket.addEventListener('error', () => undefined)
    socket.addEventListener('close', ({ code }) => resolve(works || code >= 4000 ? code : undefined))
  })

function urlOf({ session }: Http, { url, cursor }: Wire): string {
  const query = new URLSearchParams()
  // A page cannot give a WebSocket headers.
  const fields = { username: session.username, last_event_id: cursor, access_token: session.token }
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, value)
  return `${url.replace(/^http/, 'ws')}/ws?${query.toString()}`
}
