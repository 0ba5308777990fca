import type { Test } from 'tap'
import { WebSocket } from 'ws'
import { ChatClient } from '../../src/client/index.js'
import { Following, reaches } from '../support/chat-client.js'
import { freePort } from '../support/free-port.js'
import { startServer } from '../support/server.js'

const many = 20
/** Tries in vain before the server is back: the pauses have grown to what they are at most. */
const tries = 8
/** So soon after the server is ready each client asks, in ms. */
const longestPause = 5000

/** A client as it is without options, with the pauses between its tries, in ms. */
async function listen(t: Test, baseUrl: string, username: string) {
  const client = new ChatClient({ baseUrl, WebSocket })
  await client.register({ username })
  await new Following(t, client).next('hello')
  const pauses: number[] = []
  const hasWaited = new Promise<void>((resolve) => {
    client.onStateChange((state) => {
      if (state.name === 'waiting' && pauses.push(state.retryAt - Date.now()) === tries) resolve()
    })
  })
  return { client, pauses, hasWaited }
}

/** What becomes of clients whose server is started anew. */
export async function restarting(t: Test): Promise<void> {
  const server = await startServer(t, { PORT: await freePort(), CHATROOM_HANDSHAKE_RATE: '0' })
  const listeners = await Promise.all(Array.from({ length: many }, (_, at) => listen(t, server.url, `user${at}`)))
  await server.stop()
  await Promise.all(listeners.map(({ hasWaited }) => hasWaited))
  t.ok(Math.max(...listeners.flatMap(({ pauses }) => pauses)) <= longestPause, 'nobody waits for long')
  const last = listeners.map(({ pauses }) => pauses.at(-1) ?? 0)
  t.ok(Math.max(...last) - Math.min(...last) > 1000, `they are spread: ${last.join(', ')} ms`)
  await server.restart()
  await Promise.all(listeners.map(({ client }) => reaches(client, 'connected')))
  t.pass('all are back')
}
