import { Type } from '@sinclair/typebox'
import { component, described } from './component.js'
import { kept } from './kept.js'
import { fixed } from './limits.js'
import { operation } from './operation.js'
import { written } from './own-writes.js'
import { TimeSchema, TokenSchema } from './values.js'

/** Without an example, which Swagger UI would send as it is. */
export const TicketSchema = described(TokenSchema, {
  description: `Good once, for ${fixed.ticket.age} seconds, as \`ticket\` in the query of \`/ws\` and \`/events\`.`,
})

export const TicketResultSchema = component(
  'TicketResult',
  written(
    {
      ticket: TicketSchema,
      expires_at: described(TimeSchema, { description: 'Until when it is good, if it is not used.' }),
    },
    {
      description: 'A ticket for one live connection.',
      examples: [
        {
          status: 'success',
          ticket: 'Zk4tNdMsAqL8TnD0kQv3cBz5m1y7RfWx2JhGp9uEoSa',
          expires_at: '2026-11-22T12:00:30.000Z',
        },
      ],
    },
  ),
)

export const createTicket = operation(
  {
    operationId: 'createTicket',
    tag: 'Sessions',
    summary: 'Get a ticket for a live connection',
    description:
      'For a page in a browser, whose WebSocket and EventSource send no headers: what stands in a URL may stand in the log of a proxy, so it gives a ticket there instead of its token. The connection is then one of the session that the ticket was made for.',
    security: 'session',
    writes: true,
    failures: [],
    answers: 'The ticket.',
  },
  {},
  TicketResultSchema,
)

const ticketHash = kept.hash('SHA-256 of the ticket, base64url.')

export const MakeTicketCommandSchema = Type.Object({
  type: Type.Literal('make_ticket'),
  token_hash: kept.hash('Of the session; SHA-256 of its token, base64url.'),
  ticket_hash: ticketHash,
})

export const UseTicketCommandSchema = Type.Object({ type: Type.Literal('use_ticket'), ticket_hash: ticketHash })
