import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { constants, inflateRawSync } from 'node:zlib'
import type { Test } from 'tap'
import type { Chat } from './chat.js'
import type { LiveChat } from './live-chat.js'
import { RawClient } from './raw-client.js'
import { handshake, request } from './raw-frames.js'
import { until } from './remote.js'

const deflate = { 'Sec-WebSocket-Extensions': 'permessage-deflate' }
const long = 100_000
/** So that few messages fill what the system keeps for a connection. */
export const longMessages = { CHATROOM_MESSAGE_LENGTH: long, CHATROOM_LIVE_COMPRESS: 1024 }

/** Who listens by whatever transport, as bytes. */
export const openings = {
  WebSocket: (username: string) => handshake(username),
  'compressed WebSocket': (username: string) => handshake(username, deflate),
  'Server-Sent Events': (username: string) =>
    request('GET', `/events?username=${username}`, { Accept: 'text/event-stream' }),
}

/** Text that compression makes little of. */
export const noise = (): string => randomBytes((long / 4) * 3).toString('base64')

export interface Slow {
  readonly client: RawClient
  /** The end of the connection that the server has. */
  readonly server: Socket
}

/** Somebody who takes nothing any more, once it listens. */
export async function openSlow(t: Test, { chat, url }: LiveChat, opening: string): Promise<Slow> {
  const opened = once(chat.app.server, 'connection') as Promise<[Socket]>
  const client = await RawClient.open(t, url, opening)
  const [server] = await opened
  await client.text(/"hello".*\}/)
  client.socket.pause()
  return { client, server }
}

/** Sends until the server finds that the slow one takes no more, or has let it go. @returns how many */
export async function block({ chat }: LiveChat, { server }: Slow, recipient: string): Promise<number> {
  for (let count = 0; ; count++) {
    if (await isBlocked(chat, server)) return count
    const { bytesWritten } = server
    await chat.send('alice', recipient, noise())
    await until(async () => server.bytesWritten > bytesWritten || (await isBlocked(chat, server)))
  }
}

/** Whether the server gives a connection nothing more, since it takes nothing. */
export async function isBlocked({ app: { deliveries } }: Chat, server: Socket): Promise<boolean> {
  const delivery = deliveries.of(server)
  if (server.destroyed || server.writableNeedDrain || !delivery) return true
  await deliveries['askKernel']()
  return !deliveries.hasRoom(delivery)
}

export interface Heard {
  readonly texts: readonly string[]
  readonly cursor: string | undefined
  /** The code that it was closed with; undefined if the connection broke. */
  readonly code: number | undefined
}

type LiveJson = { readonly event_id?: string; readonly code?: number; readonly message?: { readonly message: string } }

/** All that comes to the slow one when it reads again, until the end, or until a text that is the last. */
export async function hearOut({ client }: Slow, isStream: boolean, last?: string): Promise<Heard> {
  client.socket.resume()
  const jsons: LiveJson[] = []
  const end = isStream ? await readStream(client, jsons) : await readFrames(client, jsons, last)
  client.socket.end()
  const texts = jsons.flatMap(({ message }) => message?.message ?? [])
  return { texts, cursor: jsons.findLast(({ event_id }) => event_id !== undefined)?.event_id, code: end }
}

async function readFrames(client: RawClient, jsons: LiveJson[], last?: string): Promise<number | undefined> {
  for (;;) {
    if (last !== undefined && jsons.at(-1)?.message?.message === last) return undefined
    const frame = await client.frame().catch(() => undefined)
    if (!frame || frame.opcode === 8) return frame?.payload.readUInt16BE(0)
    const { payload, isCompressed } = frame
    if (frame.opcode === 1) jsons.push(JSON.parse((isCompressed ? inflate(payload) : payload).toString()) as LiveJson)
  }
}

/** RFC 7692 section 7.2.2. */
const inflate = (payload: Buffer): Buffer =>
  inflateRawSync(Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])]), { finishFlush: constants.Z_SYNC_FLUSH })

async function readStream(client: RawClient, jsons: LiveJson[]): Promise<number | undefined> {
  const text = await client.text(/"type":"closing".*\}/)
  for (const [, json = ''] of text.matchAll(/data: (.*)/g)) jsons.push(JSON.parse(json) as LiveJson)
  return jsons.at(-1)?.code
}
