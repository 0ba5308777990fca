import { fixed } from '../../../schemas/limits.js'
import type { Credentials } from '../access.js'
import { ChatError } from '../chat-error.js'
import { command } from '../command.js'
import type { Core } from '../core.js'
import { isoTime } from '../messages/message-json.js'
import { hashToken, newToken } from '../secrets.js'

export interface Ticket {
  readonly ticket: string
  /** As an event says a time. */
  readonly expiresAt: string
}

const makeTicket = command('make_ticket', (state, { token_hash, ticket_hash }): number => {
  const session = state.sessions.find(token_hash)
  if (!session) throw new ChatError('invalid_token')
  state.sessions.addTicket(session, ticket_hash, state.time)
  return state.time
})

/** It comes to the hash of the session's token. */
const useTicketCommand = command('use_ticket', (state, { ticket_hash }): string => {
  const session = state.sessions.takeTicket(ticket_hash, state.time)
  if (!session) throw new ChatError('invalid_ticket')
  return session.tokenHash
})

export const createTicket = {
  commands: [makeTicket],
  /** Makes a ticket of the caller's session. */
  async ask({ session, append }: Core, shown: Credentials): Promise<Ticket> {
    const { tokenHash } = session(shown)
    const ticket = newToken()
    const madeAt = await append(makeTicket, { token_hash: tokenHash, ticket_hash: hashToken(ticket) })
    return { ticket, expiresAt: isoTime(madeAt + fixed.ticket.age * 1000) }
  },
}

export const useTicket = {
  commands: [useTicketCommand],
  /** Uses a ticket up. @returns what its session shows. @throws {ChatError} invalid_ticket */
  async ask({ state, append }: Core, ticket: string): Promise<Credentials> {
    const hash = hashToken(ticket)
    // What strangers make up does not come into the log.
    if (!state.sessions.hasTicket(hash)) throw new ChatError('invalid_ticket')
    return { tokenHash: await append(useTicketCommand, { ticket_hash: hash }) }
  },
}
