import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'

/** What today's clients do not know of a failure: its code, and its status, too. */
export const later = { suffix: '_of_next_year', status: 410 }

/**
 * Stands before a server, and answers as one of next year may: with fields, types of events, values and codes that no document
 * has today. Gives its URL.
 */
export async function startNextYear(t: Test, url: string): Promise<string> {
  const server = createServer((request, response) => void pass(url, request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function pass(base: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const body = await buffer(request)
  const { 'content-type': type, authorization } = request.headers
  const headers = {
    ...(type !== undefined && { 'content-type': type }),
    ...(authorization !== undefined && { authorization }),
  }
  const answer = await fetch(new URL(url, base), {
    method,
    headers,
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  })
  const text = JSON.stringify(grown(await answer.json()))
  const status = answer.status === 404 ? later.status : answer.status
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'x-of-next-year': 'yes' })
  response.end(text)
}

/** Every object has a field more, every list of events has more events, every failure has another code. */
function grown(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(grown)
  if (typeof node !== 'object' || node === null) return node
  const { events, code, ...fields } = node as Record<string, unknown>
  return {
    ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, grown(value)])),
    ...(Array.isArray(events) && { events: grown([...(events as unknown[]), ...laterEvents]) }),
    ...(typeof code === 'string' && { code: code + later.suffix }),
    added_later: { what: 'anything', list: [1, null, 'two'] },
  }
}

const at = '2027-11-22T12:00:00.000Z'
const event_id = '5f0c2a1e-43'
const message = { id: 2 ** 40, sender: 'bob', recipient: 'alice', message: 'Hello from next year.', sent_at: at }

/** Types that are not known today, like one that is and unlike any; and one that is known, with values that are not. */
const laterEvents = [
  { type: 'message.pinned', event_id, at, message, room_id: 'room_1', username: 'bob' },
  { type: 'weather', at, message: 'Rain.', code: 7, users: 'all', room: 3 },
  { type: 'message.created', event_id, at, message },
  {
    type: 'room.created',
    event_id,
    at,
    room: { room_id: 'room_1', visibility: 'secret', admin: 'bob', member_count: 3 },
  },
  { type: 'presence', at, users: [{ username: 'bob', presence: 'away' }] },
]

/** What a client of today makes of them. */
export const laterTypes = laterEvents.map(({ type }) => type)
