import type { Message } from '../../../schemas/message.js'
import type { CommandFacts } from '../../../schemas/message-facts.js'
import { ChatError } from '../chat-error.js'
import type { ChatData } from '../chat-data.js'
import type { Core } from '../core.js'
import type { User } from '../tables/users.js'
import { checkMayChange, mayRead, type Act } from '../who-may.js'
import { audienceOf } from './deliver.js'
import { contentIn, isoTime, messageJson, type MessageContent, type MessageFacts } from './message-json.js'

/** Tries to change a message that is changed elsewhere at the same moment. */
const mostTries = 50

/** A message as it has been read. */
export interface ReadMessage {
  /** In ms since the epoch, of one that says nothing any more. */
  readonly deletedAt: number | undefined
  readonly facts: CommandFacts
}

/**
 * Reads a message, and does with it what is to be done, when those before have done so; again, if it has been changed between
 * the two.
 * @throws {ChatError} message_not_found, changed_meanwhile
 */
export async function withMessage<R>(
  core: Core,
  user: User,
  id: number,
  change: (message: ReadMessage) => Promise<R>,
): Promise<R> {
  // Whoever may not read it stands in nobody's way.
  const message = await readMessage(core, user, id)
  return core.changing.join(id, async (before) => {
    await before
    return tryToChange(core, user, id, change, before ? undefined : message)
  })
}

/** @param first The message, if nobody has changed it since it was read. */
async function tryToChange<R>(
  core: Core,
  user: User,
  id: number,
  change: (message: ReadMessage) => Promise<R>,
  first: ReadMessage | undefined,
): Promise<R> {
  let message = first
  for (let left = mostTries; ; left--) {
    message ??= await readMessage(core, user, id)
    try {
      return await change(message)
    } catch (error) {
      if (left === 0 || !(error instanceof ChatError) || error.code !== 'changed_meanwhile') throw error
      message = undefined
      // The archive, if it was read there, follows at some distance.
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}

async function readMessage({ state, archive }: Core, user: User, id: number): Promise<ReadMessage> {
  const { messages } = state
  const found = messages.canRead(id)
    ? { facts: messages.factsOf(id), record: messages.recordOf(id), readAt: state.position }
    : await archive?.message(user.number, id)
  if (!found || !mayRead(state, user, id, found.facts)) throw notFound(id)
  const { target, sender, sentAt: sent_at, clientId } = found.facts
  const { sender: sender_name, recipient, deletedAt } = contentIn(found.record)
  const own = clientId !== undefined && { client_id: clientId }
  return {
    deletedAt,
    facts: { target, sender, sender_name, recipient, sent_at, ...own, read_at: found.readAt },
  }
}

/**
 * Puts other content in the place of a message's, on each node, whether the message is in memory there or not.
 * @param event What those are told of who may read it.
 * @throws {ChatError} message_not_found, not_allowed, changed_meanwhile
 */
export function changeMessage(
  state: ChatData,
  act: Act,
  user: User,
  id: number,
  facts: CommandFacts,
  content: Pick<MessageContent, 'text' | 'editedAt' | 'deletedAt'>,
  event: string,
): void {
  const known = factsOf(facts)
  if (id > state.messages.newest || !mayRead(state, user, id, known)) throw notFound(id)
  checkMayChange(state, act, user, known)
  if (state.messageChanges.mayHaveChanged(id, facts.read_at)) throw new ChatError('changed_meanwhile')
  const changed = { sender: facts.sender_name, recipient: facts.recipient, sentAt: facts.sent_at, ...content }
  state.messages.replace(id, changed, known)
  state.messageChanges.note(id, state.position)
  state.noteChangedMessage(id, known, messageJson(id, changed))
  const { users, rooms } = state
  const to = known.target < 0 ? rooms.get(-known.target) : users.findNumber(known.target)
  const sender = users.findNumber(known.sender)
  // Of a direct message, one of the two may be gone.
  const audience = to ? audienceOf(to, sender) : sender ? [sender] : []
  state.tell({ type: event, audience, messageId: id })
}

/** What a command says of a message, as the state has it. */
export const factsOf = ({ target, sender, sent_at: sentAt, client_id: clientId }: CommandFacts): MessageFacts => ({
  target,
  sender,
  sentAt,
  clientId,
})

/** A message that has been changed, as the user sees it. */
export const viewOf = (
  id: number,
  { sender_name: sender, recipient, sent_at, client_id, ...facts }: CommandFacts,
  user: User,
  { text, editedAt, deletedAt }: Pick<MessageContent, 'text' | 'editedAt' | 'deletedAt'>,
): Message => ({
  id,
  sender,
  recipient,
  message: text,
  sent_at: isoTime(sent_at),
  ...(editedAt !== undefined && { edited_at: isoTime(editedAt) }),
  ...(deletedAt !== undefined && { deleted_at: isoTime(deletedAt) }),
  ...(client_id !== undefined && facts.sender === user.number && { client_id }),
})

export const notFound = (id: number): ChatError =>
  new ChatError('message_not_found', `There is no message ${id} for you.`)
