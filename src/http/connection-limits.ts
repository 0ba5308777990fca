import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Settings } from '../../schemas/settings.js'
import { ChatError } from '../chat/chat-error.js'
import { addressOf } from './addresses.js'
import { breakOff } from './closing.js'
import { Deliveries } from './deliveries.js'
import { answerSocket } from './failures.js'
import { trustOf } from './proxies.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** What is under way on each connection. */
    deliveries: Deliveries
  }
}

const mebibyte = 2 ** 20

/** An answer from this size on is counted as soon as it is given to its connection, in bytes. */
const large = 2 ** 16

/**
 * Bounds the connections of each address, whatever they are for, and what is under way on them. One from a proxy that is
 * trusted has an address for itself: it is not the proxy that asks.
 */
export function limitConnections(app: FastifyInstance, settings: Settings): void {
  const { CHATROOM_ADDRESS_SOCKETS: connections, CHATROOM_ADDRESS_UNREAD: mebibytes } = settings
  const deliveries = new Deliveries({ connections, bytes: mebibytes * mebibyte })
  const addressFor = addressesBehind(settings.CHATROOM_TRUST_PROXY)
  const refuse = answerSocket(settings.CHATROOM_CORS_ORIGIN)
  app.decorate('deliveries', deliveries)
  app.server.on('connection', (socket) => {
    // A request that is read a second time comes on the same connection.
    if (deliveries.of(socket) || deliveries.add(socket, addressFor(socket))) return
    refuse(new ChatError('too_many_connections', `This address has ${connections} connections already.`), socket)
    socket.destroySoon()
  })
  // Node destroys it otherwise, which is not enough.
  app.server.on('timeout', breakOff)
  app.addHook('onSend', ({ raw: { socket } }, _reply, payload, done) => {
    const delivery = sizeOf(payload) >= large && deliveries.of(socket)
    if (delivery) setImmediate(() => deliveries.hasRoom(delivery))
    done(null, payload)
  })
  app.addHook('onClose', () => {
    deliveries.close()
  })
}

function addressesBehind(proxies: string): (socket: Socket) => unknown {
  const trust = trustOf(proxies)
  const isProxy = typeof trust === 'boolean' ? () => trust : (address: string | undefined) => trust(address, 0)
  return ({ remoteAddress: ip }) => (isProxy(ip) ? Symbol('a proxy') : addressOf({ ip }))
}

/** A stream has any size. */
const sizeOf = (payload: unknown): number =>
  typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.length : payload ? Infinity : 0
