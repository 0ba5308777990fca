import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import { ChatError } from '../chat/chat-error.js'
import { hashToken, sameHash } from '../chat/secrets.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** For routes that are the operator's alone. */
    requireOperator: onRequestHookHandler
  }
}

/** @param token The operator's; without one, nobody is the operator. */
export function knowOperator(app: FastifyInstance, token: string): void {
  const expected = token === '' ? undefined : hashToken(token)
  app.decorate('requireOperator', ({ credentials: { tokenHash } }, _reply, done) => {
    const isOperator = expected !== undefined && tokenHash !== undefined && sameHash(tokenHash, expected)
    done(isOperator ? undefined : new ChatError('operator_required'))
  })
}
