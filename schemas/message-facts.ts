import { Type, type Static } from '@sinclair/typebox'
import { kept } from './kept.js'
import { fixed } from './limits.js'

/** What a command says of a message that is on the disk, perhaps: it may not be read when the command is applied. */
export const MessageFactsSchema = Type.Object({
  target: Type.Integer({
    minimum: -fixed.number,
    maximum: fixed.number,
    description: 'The number of the user to whom it went, or minus the number of the room.',
  }),
  sender: kept.count('The number of the user who sent it; 0 for the server.'),
  sender_name: kept.name(),
  recipient: kept.name(),
  sent_at: kept.time('When it was accepted.'),
  client_id: Type.Optional(kept.clientId()),
  read_at: kept.count('The position of the entry up to which it is known that it had not been changed.'),
})

export type CommandFacts = Static<typeof MessageFactsSchema>
