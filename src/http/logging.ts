import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'

/** The path without the query, which may hold names and tokens. */
const pathOf = (url: string): string => url.split('?', 1)[0] ?? url

/** One line for a request, when it is done, with nothing of what was said. */
export class RequestLog extends LogController {
  override incomingRequest(): void {
    // The line at the end says it all.
  }

  override routeNotFound(): void {
    // As above: it has the status.
  }

  override requestCompleted(error: Error | null, request: FastifyRequest, reply: FastifyReply): void {
    if (!error && !(request.log as Partial<Logger>).isLevelEnabled?.('info')) return
    const line = {
      id: request.id,
      method: request.method,
      path: pathOf(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      address: request.ip,
    }
    if (error) request.log.error({ ...line, err: error }, 'request errored')
    else request.log.info(line, 'request')
  }
}
