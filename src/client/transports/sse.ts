import { failureOf, unexpected, unreachable } from '../chatroom-error.js'
import { authorization, type Http } from '../http.js'
import { eventStream } from './event-stream.js'
import type { Transport, Wire } from './transport.js'

/** Server-Sent Events by `fetch`: unlike an `EventSource` it sends the token as a header, and sees the heartbeat. */
export const sse =
  (http: Http): Transport =>
  async (wire) => {
    const response = await open(http, wire)
    if (!response.ok) throw failureOf(response, await bodyOf(response))
    const type = response.headers.get('content-type') ?? ''
    if (!response.body || !type.startsWith('text/event-stream'))
      throw unexpected('The answer is not an event stream.', response.status)
    await read(response.body, wire)
  }

function open({ fetch, session }: Http, { url, cursor, signal }: Wire): Promise<Response> {
  const query = session.username === undefined ? '' : `?username=${encodeURIComponent(session.username)}`
  const headers = {
    Accept: 'text/event-stream',
    ...authorization(session.token),
    // Not in the query: a browser asks for leave for each URL anew.
    ...(cursor !== undefined && { 'Last-Event-ID': cursor }),
  }
  return fetch(`${url}/events${query}`, { headers, signal }).catch((cause: unknown) => {
    throw unreachable(cause)
  })
}

const bodyOf = (response: Response): Promise<unknown> => response.json().catch(() => undefined)

async function read(body: ReadableStream<Uint8Array>, wire: Wire): Promise<void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  const take = eventStream((data) => wire.receive(data))
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw unreachable(cause)
    })
    if (done) return
    wire.heard()
    take(decoder.decode(value, { stream: true }))
  }
}
