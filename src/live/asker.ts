import type { FastifyRequest } from 'fastify'
import type { Asker } from '../chat/ports.js'

/**
 * Who waits for the answer to a request. Of an upgrade Node looks after the connection no more: that its client is gone, or
 * has said its last word, the connection itself says.
 */
export const askerOf = (request: FastifyRequest): Asker => (request.ws ? new Upgrading(request) : request)

class Upgrading implements Asker {
  private over: AbortController | undefined

  constructor(private readonly request: FastifyRequest) {}

  get signal(): AbortSignal {
    this.over ??= this.watch()
    return this.over.signal
  }

  private watch(): AbortController {
    const over = new AbortController()
    const { socket } = this.request.raw
    for (const sign of ['end', 'close']) socket.once(sign, () => over.abort())
    return over
  }
}
