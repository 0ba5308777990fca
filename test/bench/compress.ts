import { once } from 'node:events'
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import { cpuSeconds, residentBytes } from './machine.js'
import { makeRoom, names } from './populate.js'
import { ask, messageText } from './requests.js'
import { inScope, type Scope } from './scope.js'
import { startChatRoom } from './servers.js'
import { short } from './spread.js'
import type { Row } from './table.js'

const listeners = 100
const messages = 300
const kibibyte = 1024

interface Cost {
  /** Bytes on the wire, and microseconds of the server's CPU, of each delivery. */
  readonly bytes: number
  readonly cpu: number
  /** Resident memory of each connection, in bytes. */
  readonly memory: number
}

/** What compression of live events saves and costs: the same messages to the same room with and without it. */
export async function compress(): Promise<Row[]> {
  const off = await inScope((scope) => cost(scope, '0'))
  const on = await inScope((scope) => cost(scope, '1'))
  const row = (compared: string, figure: (cost: Cost) => number, unit: string): Row => ({
    part: 'compress',
    compared: `${compared}, compressed : not`,
    goal: '',
    measured: short(figure(on) / figure(off)),
    absolute: `${short(figure(on))} ${unit}; not ${short(figure(off))} ${unit}`,
  })
  return [
    row('bytes of an event on the wire', ({ bytes }) => bytes, 'bytes'),
    row('CPU of a delivery', ({ cpu }) => cpu, 'µs'),
    row(`resident memory of each of ${listeners} WebSockets that were told`, ({ memory }) => memory / kibibyte, 'KiB'),
  ]
}

async function cost(scope: Scope, threshold: string): Promise<Cost> {
  const { port, pid } = await startChatRoom(scope, { CHATROOM_LIVE_COMPRESS: threshold })
  const usernames = names('listener', listeners)
  const room = await makeRoom(scope, port, usernames)
  const before = residentBytes(pid) ?? 0
  const sockets = await Promise.all(usernames.map((username) => listen(scope, port, username)))
  const heard = Promise.all(sockets.map((socket) => hears(socket, messages)))
  const [bytesBefore, cpuBefore] = [received(sockets), cpuSeconds(pid) ?? 0]
  for (let number = 1; number <= messages; number++)
    await ask(port, '/send', { sender: usernames[0], recipient: room, message: messageText(number) })
  await heard
  const deliveries = messages * listeners
  return {
    bytes: (received(sockets) - bytesBefore) / deliveries,
    cpu: (((cpuSeconds(pid) ?? 0) - cpuBefore) / deliveries) * 1e6,
    memory: ((residentBytes(pid) ?? 0) - before) / listeners,
  }
}

async function listen(scope: Scope, port: number, username: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws?username=${username}`)
  scope.onEnd(() => socket.terminate())
  await once(socket, 'message')
  return socket
}

const hears = (socket: WebSocket, count: number): Promise<void> =>
  new Promise((resolve) => {
    let left = count
    socket.on('message', (data: Buffer) => {
      if (data.includes('message.created') && --left === 0) resolve()
    })
  })

const received = (sockets: readonly WebSocket[]): number =>
  sockets.reduce((sum, socket) => sum + (socket as unknown as { _socket: Socket })['_socket'].bytesRead, 0)
